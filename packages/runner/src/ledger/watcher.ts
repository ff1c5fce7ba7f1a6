import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRunning } from '@chaos/env/process';
import { healRun } from './heal-run.js';
import { readOwner } from './run-owner.js';

// A process in its own session: `watcher.js <run folder>`. It outlives the owner of the run and heals after it. The
// owner holds its standard input: `done` means that the run ended well, a closed input that the owner is dying.

const POLL_MS = 200;
const DYING_POLL_MS = 10;

function watch(path: string): void {
  process.title = 'chaos-watcher';
  // A signal to all processes of the run must not hit the process that cleans up after them.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const) process.on(signal, () => {});

  let timer = setInterval(check, POLL_MS);
  function check(): void {
    const owner = readOwner(path);
    if (!owner) process.exit(0);
    if (isRunning(owner)) return;
    clearInterval(timer);
    void heal(path);
  }
  process.stdin.on('data', (chunk: Buffer) => {
    if (chunk.includes('done')) process.exit(0);
  });
  process.stdin.on('error', () => {});
  process.stdin.on('close', () => {
    clearInterval(timer);
    timer = setInterval(check, DYING_POLL_MS);
    check();
  });
}

async function heal(path: string): Promise<void> {
  const log = (line: string): void => {
    try {
      appendFileSync(join(path, 'watcher.log'), `${line}\n`);
    } catch {
      // The folder is gone, so nobody would read this.
    }
  };
  try {
    await healRun(path, { log });
    process.exit(0);
  } catch (error) {
    log(String(error));
    process.exit(1);
  }
}

const [path] = process.argv.slice(2);
if (path === undefined) throw new TypeError('Cannot watch: no run folder given');
watch(path);
