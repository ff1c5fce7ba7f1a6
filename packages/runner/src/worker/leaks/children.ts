import type { ChildProcess } from 'node:child_process';
import { subscribe } from 'node:diagnostics_channel';
import type { Worker } from 'node:worker_threads';
import { stackAbove } from './stack-above.js';

/** A process or thread started here, with the position of the call. */
export interface StartedChild {
  readonly kind: 'process' | 'thread';
  readonly what: () => string;
  readonly lives: () => boolean;
  readonly origin: Error;
}

/** The processes and threads that this process starts; costs nothing while it starts none. */
export class Children {
  readonly #started: StartedChild[] = [];

  constructor() {
    const onProcess = (message: unknown): void => {
      const { process } = message as { process: ChildProcess };
      const lives = (): boolean =>
        process.pid !== undefined &&
        process.exitCode === null &&
        process.signalCode === null &&
        !isOurs(process.spawnfile);
      this.#started.push({
        kind: 'process',
        what: () => `a child process (${process.pid}: ${process.spawnargs.join(' ').slice(0, 100)})`,
        lives,
        origin: stackAbove(onProcess),
      });
    };
    const onThread = (message: unknown): void => {
      const { worker } = message as { worker: Worker };
      this.#started.push({
        kind: 'thread',
        what: () => 'a worker thread',
        lives: () => worker.threadId !== -1,
        origin: stackAbove(onThread),
      });
    };
    subscribe('child_process', onProcess);
    subscribe('worker_threads', onThread);
  }

  /** Those started since the last {@link forget} that still run. */
  living(): readonly StartedChild[] {
    return this.#started.length === 0 ? this.#started : this.#started.filter(({ lives }) => lives());
  }

  forget(): void {
    this.#started.length = 0;
  }
}

// Ignore the compiler of test files: one process that serves all of them.
function isOurs(file: string | undefined): boolean {
  return file !== undefined && /[\\/]esbuild(\.exe)?$/.test(file);
}
