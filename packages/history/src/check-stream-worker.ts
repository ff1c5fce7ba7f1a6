import { parentPort, workerData } from 'node:worker_threads';
import type { CheckOptions } from './check.js';
import type { StreamBatch, StreamReply } from './check-stream-batch.js';
import { findModel } from './models.js';
import type { Operation } from './operation.js';
import type { Verdict } from './verdict.js';

// The thread of checkStream(): keeps the history, and judges it whenever a batch has come.
const { model: name, ...options } = workerData as CheckOptions;
const model = findModel(name);
const operations: Operation[] = [];
let known: StreamBatch['faults'] = [];
let stream: ReturnType<NonNullable<typeof model.stream>> | undefined;

function judge({ fresh, updates, faults, isLast }: StreamBatch): Verdict | undefined {
  for (const operation of fresh) operations.push(operation);
  for (const [index, operation] of updates) operations[index] = operation;
  if (isLast || model.stream === undefined) return model.check({ operations, faults }, options);
  known = faults;
  stream ??= model.stream({ ...options, faults: () => known });
  // Open operations, and lost ones, are judged at the end.
  const ended = [...fresh, ...updates.map(([, operation]) => operation)]
    .filter(({ type }) => type !== 'info')
    .sort((a, b) => a.completed - b.completed);
  for (const operation of ended) {
    const verdict = stream.add(operation);
    if (verdict !== undefined) return verdict;
  }
  return undefined;
}

parentPort?.on('message', (batch: StreamBatch) => {
  let reply: StreamReply;
  try {
    reply = { verdict: judge(batch) };
  } catch (error) {
    reply = { error: error as Error };
  }
  parentPort?.postMessage(reply);
});
