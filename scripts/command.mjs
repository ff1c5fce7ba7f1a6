import { spawn } from 'node:child_process';
import { root } from './workspace.mjs';

/** argv of the pnpm that runs us: a bare machine has none on its PATH but npx's. */
export const pnpm = /pnpm(\.c?js|\.mjs)?$/.test(process.env.npm_execpath ?? '')
  ? [process.execPath, process.env.npm_execpath]
  : ['pnpm'];

/** argv of a command of the root's dependencies. */
export const bin = (name) => [`${root}/node_modules/.bin/${name}`];

/**
 * Runs argv without stdin and resolves to `{ code, output }`; `show` sends the output to our stderr as well. Never
 * rejects.
 */
export function command(argv, { cwd = root, env = {}, timeoutMs = 600_000, show = false } = {}) {
  return new Promise((resolve) => {
    const started = performance.now();
    const done = (code, extra = '') =>
      resolve({ code, output: output + extra, durationMs: performance.now() - started });
    let output = '';
    const child = spawn(argv[0], argv.slice(1), {
      cwd,
      env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
        if (show) process.stderr.write(text);
      });
    }
    child.once('error', (error) => done(127, `Cannot run ${argv[0]}: ${error.message}\n`));
    child.once('close', (code, signal) =>
      done(code ?? 1, signal === null ? '' : `\n${argv.join(' ')}: ended by ${signal} after ${timeoutMs} ms at most\n`),
    );
  });
}
