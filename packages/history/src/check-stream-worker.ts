import { parentPort, workerData } from 'node:worker_threads';
import { check, type CheckOptions } from './check.js';
import type { StreamBatch, StreamReply } from './check-stream-batch.js';
import type { Operation } from './operation.js';

// The thread of checkStream(): keeps the history, and judges it whenever a batch has come.
const operations: Operation[] = [];
const options = workerData as CheckOptions;

parentPort?.on('message', ({ fresh, updates, faults }: StreamBatch) => {
  for (const operation of fresh) operations.push(operation);
  for (const [index, operation] of updates) operations[index] = operation;
  let reply: StreamReply;
  try {
    reply = { verdict: check({ operations, faults }, options) };
  } catch (error) {
    reply = { error: error as Error };
  }
  parentPort?.postMessage(reply);
});
