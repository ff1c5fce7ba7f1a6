import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { processEntry } from '../process-entry.js';
import type { RunFolder } from './run-folder.js';

/** The process that heals when this one dies. */
export interface Watcher extends AsyncDisposable {
  readonly pid: number | undefined;
  /** Tells it that the run ended well, and waits until it is gone. A second call does nothing. */
  done(): Promise<void>;
}

const MAX_RESTARTS = 10;
/** Time for the watcher to end after it was told to; it has nothing to do then. */
const DONE_MS = 2000;
/** The watcher needs little memory; the limits keep node from reserving more. */
const FLAGS = ['--max-semi-space-size=1', '--max-old-space-size=64', '--v8-pool-size=1'] as const;

/**
 * Starts the watcher of a run that this process owns, in its own session. Returns at once: the watcher checks the owner
 * when it is up, so it notices an earlier death, too. A killed watcher is started again.
 */
export function startWatcher({
  runFolder,
  log,
}: {
  readonly runFolder: Pick<RunFolder, 'path'>;
  readonly log: (line: string) => void;
}): Watcher {
  let finished = false;
  let restarts = 0;
  let child = start();

  function start(): ChildProcess {
    const { CHAOS_RUN_ID: _mark, NODE_OPTIONS: _options, NODE_V8_COVERAGE: _coverage, ...env } = process.env;
    const started = spawn(process.execPath, [...FLAGS, processEntry('ledger/watcher.js'), runFolder.path], {
      detached: true,
      cwd: '/',
      env,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    started.unref();
    // Missing if the system refused to start it.
    const stdin = started.stdin as (typeof started.stdin & { unref?(): void }) | undefined;
    stdin?.on('error', () => {});
    stdin?.unref?.();
    started.on('error', (error) => log(`the watcher cannot be started: ${error.message}`));
    started.on('exit', (code, signal) => {
      if (finished || code === 0) return;
      if (++restarts > MAX_RESTARTS)
        return log(`the watcher ended ${restarts} times (${signal ?? code}): the next run heals if this one is killed`);
      log(`the watcher ended (${signal ?? code}): started again`);
      child = start();
    });
    return started;
  }

  const done = async (): Promise<void> => {
    if (finished) return;
    finished = true;
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    child.ref();
    const exit = once(child, 'exit');
    child.stdin?.end('done\n');
    // Without a process or a thread to spare, node hangs while it starts, and reads nothing.
    const late = setTimeout(() => {
      log(`the watcher (pid ${child.pid}) did not end within ${DONE_MS} ms after it was told to: it was killed`);
      child.kill('SIGKILL');
    }, DONE_MS);
    await exit;
    clearTimeout(late);
  };
  return {
    get pid() {
      return child.pid;
    },
    done,
    [Symbol.asyncDispose]: done,
  };
}
