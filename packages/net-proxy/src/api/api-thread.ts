import { parentPort, workerData } from 'node:worker_threads';
import { isChaosError } from '@chaos/spec';
import { createApiServer } from './create-api-server.js';
import type { ApiOrder, ApiThreadMessage } from './start-api-thread.js';

// The API and its proxies, in a thread whose heap was laid out by whoever started it.

const say = (message: ApiThreadMessage): void => parentPort?.postMessage(message);
const { logs, ...options } = workerData as ApiOrder;

void createApiServer({ ...options, ...(logs && { log: (line) => say({ kind: 'log', line }) }) }).then(
  (api) => {
    parentPort?.once('message', () => void api.close().then(() => parentPort?.close()));
    say({ kind: 'ready', url: api.url, address: api.address, seed: api.seed, proxies: api.proxies() });
  },
  (error: unknown) => {
    if (!isChaosError(error)) throw error;
    const { code, message, hint, data } = error;
    say({
      kind: 'refused',
      code,
      message,
      details: { ...(hint !== undefined && { hint }), ...(data !== undefined && { data }) },
    });
    parentPort?.close();
  },
);
