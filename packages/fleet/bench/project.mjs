import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../..');
export const BIN = join(root, 'packages/cli/dist/bin.cjs');
export const KEY = 'a key that only this benchmark knows';

const REPORTER = `import { appendFileSync, writeFileSync } from 'node:fs';
const lines = [];
export default class {
  onEvent(event) {
    if (event.type === 'test-end') lines.push(JSON.stringify({ host: event.origin.host, status: event.attempt.status, startMs: event.attempt.startMs, durationMs: event.attempt.durationMs }));
  }
  async end() {
    writeFileSync('ends', lines.join('\\n'));
    writeFileSync('peak', String(process.resourceUsage().maxRSS / 1024));
  }
}`;

/** A folder with test files, which is removed at the end of this process. */
export function createProject(files) {
  const path = mkdtempSync(join(tmpdir(), 'fleet-project-'));
  mkdirSync(join(path, 'node_modules/@chaos'), { recursive: true });
  symlinkSync(join(root, 'packages/test'), join(path, 'node_modules/@chaos/test'));
  const all = { 'package.json': '{"private":true,"type":"module"}', 'reporter.mjs': REPORTER, ...files };
  for (const [name, text] of Object.entries(all)) writeFileSync(join(path, name), text);
  process.once('exit', () => rmSync(path, { recursive: true, force: true }));
  return {
    path,
    ends: () =>
      readFileSync(join(path, 'ends'), 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line)),
    peakMb: () => Number(readFileSync(join(path, 'peak'), 'utf8')),
  };
}

/** Starts the command in a project. */
export function start(project, args, env = {}) {
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd: project.path,
    env: { ...process.env, CHAOS_FLEET_KEY: KEY, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let told = '';
  child.stderr.on('data', (text) => (told += text));
  return { child, told: () => told, exited: once(child, 'exit') };
}

/** Runs the command; resolves with its wall time, ms. */
export async function timed(project, args, env) {
  const begun = performance.now();
  const run = start(project, args, env);
  const [code] = await run.exited;
  if (code !== 0) throw new Error(`chaos ${args.join(' ')}: exit code ${code}\n${run.told()}`);
  return performance.now() - begun;
}
