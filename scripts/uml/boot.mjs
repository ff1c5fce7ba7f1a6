import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from '../workspace.mjs';

const INIT = fileURLToPath(new URL('init.sh', import.meta.url));

/**
 * Boots a kernel with netem on this machine's files and runs commands in it, one after the other: `{ argv, cwd, env }`.
 * The product's `cache` is read there, and not changed. Prints their output. Resolves to the exit code of each;
 * `undefined` for a command that did not end in time.
 */
export async function bootAndRun({ kernel, modules, path, cache }, commands, { timeoutMs, memory = '2G' }) {
  mkdirSync(`${root}/test-results`, { recursive: true });
  // In the checkout, because the guest mounts its own file system at /tmp.
  const folder = mkdtempSync(`${root}/test-results/uml-`);
  try {
    chmodSync(folder, 0o755);
    const steps = commands.map(
      ({ argv, cwd, env = {} }, index) =>
        `run ${index} ${[cwd, ...Object.entries(env).map(([key, value]) => `${key}=${value}`), '--', ...argv].map(quote).join(' ')}`,
    );
    const variables = {
      CHECKOUT: root,
      FOLDER: folder,
      MODULES: modules,
      PATH: [dirname(process.execPath), ...path, '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'].join(
        delimiter,
      ),
      HOME: process.env.HOME ?? '/root',
      CACHE: cache,
      CI: process.env.CI ?? '',
      TERM: 'dumb',
      NO_COLOR: '1',
    };
    const lines = Object.entries(variables).map(([key, value]) => `export ${key}=${quote(value)}`);
    writeFileSync(
      `${folder}/init`,
      ['#!/bin/sh', ...lines, `. ${quote(INIT)}`, ...steps, 'poweroff -f', ''].join('\n'),
      { mode: 0o755 },
    );
    await boot(
      [
        kernel,
        `mem=${memory}`,
        'rootfstype=hostfs',
        'rw',
        `init=${folder}/init`,
        'con=null',
        'con0=null,fd:1',
        'quiet',
      ],
      folder,
      timeoutMs,
    );
    return commands.map((_, index) => {
      try {
        return Number(readFileSync(`${folder}/code-${index}`, 'utf8'));
      } catch {
        return undefined;
      }
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function boot([kernel, ...words], folder, timeoutMs) {
  return new Promise((resolve, reject) => {
    // Its own session: the kernel has helper processes on the host, and all of them must end with it.
    const child = spawn(kernel, words, {
      stdio: ['ignore', 'inherit', 'ignore'],
      detached: true,
      env: { PATH: process.env.PATH, HOME: folder },
    });
    const kill = () => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It has ended.
      }
    };
    const timer = setTimeout(kill, timeoutMs);
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    const stop = (signal) => {
      kill();
      // Only after the other running commands have ended, too.
      setImmediate(() => process.exit(signal === 'SIGINT' ? 130 : 143));
    };
    for (const signal of signals) process.once(signal, stop);
    child.once('error', reject);
    child.once('exit', () => {
      clearTimeout(timer);
      for (const signal of signals) process.off(signal, stop);
      kill();
      resolve();
    });
  });
}

function quote(word) {
  return `'${String(word).replaceAll("'", `'\\''`)}'`;
}
