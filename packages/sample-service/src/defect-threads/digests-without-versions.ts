import { parentPort, workerData } from 'node:worker_threads';
import { computeDigests, type DigestOrder } from '../digests/compute-digests.js';
import { LENGTH, SLOTS, type DigestTable } from '../digests/digest-table.js';

// A table in shared memory whose entries have no version.
function plainTable(memory: SharedArrayBuffer): DigestTable {
  const bytes = new Uint8Array(memory);
  const startOf = (key: Uint8Array): number => ((key[0] ?? 0) % SLOTS) * LENGTH * 2;
  return {
    get(key) {
      const start = startOf(key);
      if (!key.every((byte, index) => bytes[start + index] === byte)) return undefined;
      return bytes.slice(start + LENGTH, start + LENGTH * 2);
    },
    set(key, digest) {
      bytes.set(key, startOf(key));
      bytes.set(digest, startOf(key) + LENGTH);
    },
  };
}

const table = plainTable(workerData as SharedArrayBuffer);

parentPort?.on('message', ({ id, order }: { readonly id: number; readonly order: DigestOrder }) =>
  parentPort?.postMessage({ id, answer: computeDigests(order, table) }),
);
