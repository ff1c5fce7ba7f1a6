import { parentPort, workerData } from 'node:worker_threads';
import { computeDigests, type DigestOrder } from './compute-digests.js';
import { digestTable } from './digest-table.js';

const table = digestTable(workerData as SharedArrayBuffer);

parentPort?.on('message', ({ id, order }: { readonly id: number; readonly order: DigestOrder }) =>
  parentPort?.postMessage({ id, answer: computeDigests(order, table) }),
);
