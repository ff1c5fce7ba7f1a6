import { Worker } from 'node:worker_threads';
import { ServiceError } from '../service-error.js';
import type { Budget } from '../budget.js';
import type { DigestAnswer, DigestOrder } from './compute-digests.js';
import { tableBytes } from './digest-table.js';

/** Digests of texts. */
export interface Digests {
  /** @throws ServiceError `TIMEOUT` when the time of the request is over first. */
  of(budget: Budget, order: DigestOrder): Promise<DigestAnswer>;
  close(): Promise<void>;
}

interface Waiting {
  readonly resolve: (answer: DigestAnswer) => void;
  readonly reject: (error: Error) => void;
}

const THREADS = 2;

/**
 * Digests by threads, started by the first order, so that no long one keeps the event loop from other requests. They
 * share a table of what is known.
 */
export function createDigests(threadFile: URL = new URL('./digest-thread.js', import.meta.url)): Digests {
  let threads: Worker[] | undefined;
  let orders = 0;
  const waiting = new Map<number, Waiting>();

  function start(): Worker[] {
    const memory = new SharedArrayBuffer(tableBytes);
    return Array.from({ length: THREADS }, () => {
      const thread = new Worker(threadFile, { workerData: memory });
      thread.unref();
      thread.on('message', ({ id, answer }: { readonly id: number; readonly answer: DigestAnswer }) => {
        waiting.get(id)?.resolve(answer);
        waiting.delete(id);
      });
      thread.on('error', (error) => {
        for (const each of waiting.values()) each.reject(error);
        waiting.clear();
        threads = undefined;
      });
      return thread;
    });
  }

  return {
    of(budget, order) {
      threads ??= start();
      const id = (orders += 1);
      const thread = threads[id % THREADS] as Worker;
      return new Promise((resolve, reject) => {
        const late = (): void => {
          waiting.delete(id);
          reject(new ServiceError('TIMEOUT', 'The digests took too long'));
        };
        const timer = setTimeout(late, budget.remainingMs());
        waiting.set(id, {
          resolve: (answer) => (clearTimeout(timer), resolve(answer)),
          reject: (error) => (clearTimeout(timer), reject(error)),
        });
        thread.postMessage({ id, order });
      });
    },
    close: async () => void (await Promise.all((threads ?? []).map((thread) => thread.terminate()))),
  };
}
