import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { CheckOptions } from './check.js';
import type { StreamBatch, StreamReply } from './check-stream-batch.js';
import type { History } from './history.js';
import { findModel } from './models.js';
import type { Operation } from './operation.js';
import type { Verdict } from './verdict.js';

const SHORTEST_PAUSE_MS = 50;

/** Options of {@link checkStream}: those of {@link check}, and when the load is over. */
export interface CheckStreamOptions extends CheckOptions {
  /** The load. Its last operation is judged too; what it rejects with is thrown. */
  readonly until: Promise<unknown>;
  readonly signal?: AbortSignal;
}

/**
 * Checks a history while it is being recorded, in a thread of its own, and resolves at the first violation: what is
 * wrong with a beginning stays wrong. Else it resolves with the verdict over all of it when the load is over.
 * Transactions and reads of a bank are taken one by one; for other models all of what there is is checked again, with
 * pauses as long as that took: at most half of a CPU. Models that are decided by the last operations (`prefixClosed` is
 * false) are checked once, in the end.
 *
 * @example
 * const stop = new AbortController();
 * const load = runWorkload(workload, { recorder, signal: stop.signal });
 * const verdict = await checkStream(recorder, { model: 'serializable', until: load });
 * stop.abort();
 */
export async function checkStream(
  source: { history(): History },
  { until, signal, ...options }: CheckStreamOptions,
): Promise<Verdict> {
  const { prefixClosed } = findModel(options.model);
  await using judge = createJudge(options);
  let over = false;
  const end = until.finally(() => (over = true));
  // It is awaited below; until then its rejection must not end the process.
  end.catch(() => {});
  for (;;) {
    signal?.throwIfAborted();
    if (!prefixClosed || over) {
      await Promise.race([end, aborted(signal)]);
      return (await judge.verdict(source.history(), true))!;
    }
    const start = performance.now();
    const verdict = await judge.verdict(source.history(), false);
    if (verdict?.valid === false) return verdict;
    const waiting = new AbortController();
    const rest = pause(Math.max(SHORTEST_PAUSE_MS, performance.now() - start), undefined, { signal: waiting.signal });
    await Promise.race([rest, end, aborted(signal)]).finally(() => waiting.abort());
    rest.catch(() => {});
  }
}

interface Judge extends AsyncDisposable {
  verdict(history: History, isLast: boolean): Promise<Verdict | undefined>;
}

function createJudge(options: CheckOptions): Judge {
  const worker = new Worker(new URL('./check-stream-worker.js', import.meta.url), { workerData: options });
  let answer: { resolve(reply: StreamReply): void; reject(error: Error): void } | undefined;
  // Attached once: without a listener the worker's port would be closed between two questions.
  worker.on('message', (reply: StreamReply) => answer?.resolve(reply)).on('error', (error) => answer?.reject(error));
  let sent = 0;
  let open: number[] = [];
  return {
    async verdict({ operations, faults }, isLast) {
      const updates: [number, Operation][] = [];
      open = open.filter((index) => {
        const operation = operations[index]!;
        if (operation.type !== 'info') updates.push([index, operation]);
        return operation.type === 'info';
      });
      const fresh = operations.slice(sent);
      fresh.forEach((operation, index) => operation.type === 'info' && open.push(sent + index));
      sent = operations.length;
      const batch: StreamBatch = { fresh, updates, faults, isLast };
      const reply = await new Promise<StreamReply>((resolve, reject) => {
        answer = { resolve, reject };
        worker.postMessage(batch);
      });
      if ('error' in reply) throw reply.error;
      return reply.verdict;
    },
    [Symbol.asyncDispose]: async () => void (await worker.terminate()),
  };
}

// Never resolves; rejects when the signal aborts.
function aborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) =>
    signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true }),
  );
}
