import { spawn } from 'node:child_process';
import { root } from './workspace.mjs';

/** argv of the pnpm that runs us: a bare machine has only npx's on its PATH. */
export const pnpm = /pnpm(\.c?js|\.mjs)?$/.test(process.env.npm_execpath ?? '')
  ? [process.execPath, process.env.npm_execpath]
  : ['pnpm'];

/** argv of a command of the root's dependencies. */
export const bin = (name) => [`${root}/node_modules/.bin/${name}`];

/** Last lines of output to show for a command that was cut off. */
const LAST_LINES = 5;
const KILL_AFTER_MS = 10_000;
const running = new Set();

/**
 * Runs argv without stdin and resolves to `{ code, output, cut, durationMs }`; `show` also sends the output to our
 * stderr. At `timeoutMs` it ends the command with all its descendants, and the output says so. Never rejects.
 */
export function command(argv, { cwd = root, env = {}, timeoutMs = 600_000, show = false } = {}) {
  return new Promise((resolve) => {
    const started = performance.now();
    let output = '';
    let cut = false;
    const tell = (text) => {
      output += text;
      if (show) process.stderr.write(text);
    };
    const done = (code) => {
      running.delete(child);
      clearTimeout(limit);
      resolve({ code, output, cut, durationMs: performance.now() - started });
    };
    // Its own process group, so that nothing is left when it is cut off.
    const child = spawn(argv[0], argv.slice(1), {
      cwd,
      env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const limit = setTimeout(() => {
      const last = output.trimEnd().split('\n').slice(-LAST_LINES).join('\n  ');
      cut = true;
      tell(`\nCUT after ${timeoutMs / 1000} s: ${argv.join(' ')}\n  its last words:\n  ${last}\n`);
      signalGroup(child, 'SIGTERM');
      setTimeout(() => signalGroup(child, 'SIGKILL'), KILL_AFTER_MS).unref();
    }, timeoutMs);
    passSignalsOn();
    running.add(child);
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', tell);
    child.once('error', (error) => {
      tell(`Cannot run ${argv[0]}: ${error.message}\n`);
      done(127);
    });
    child.once('close', (code, signal) => {
      if (signal !== null && !cut) tell(`\n${argv.join(' ')}: ended by ${signal}\n`);
      done(cut ? 124 : (code ?? 1));
    });
  });
}

function signalGroup({ pid }, signal) {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // It has ended.
  }
}

let passing = false;
// A terminal's Ctrl-C does not reach other groups.
function passSignalsOn() {
  if (passing) return;
  passing = true;
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ])
    process.on(signal, () => {
      for (const child of running) signalGroup(child, signal);
      process.exitCode = code;
      setTimeout(() => process.exit(code), KILL_AFTER_MS).unref();
    });
}
