import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { ChaosError, type ErrorCode } from '@chaos/spec';
import type { Address } from '../tcp/listener.js';
import { CAN_FREE } from '../tcp/free-chunk.js';
import type { ApiServer, ApiServerOptions } from './create-api-server.js';

/** Start message for the thread. */
export interface ApiOrder extends Omit<ApiServerOptions, 'log'> {
  /** True if log lines are wanted. */
  readonly logs: boolean;
}

/** Messages from the thread. */
export type ApiThreadMessage =
  | {
      readonly kind: 'ready';
      readonly url: string;
      readonly address: Address;
      readonly seed: string;
      readonly proxies: number;
    }
  | {
      readonly kind: 'refused';
      readonly code: ErrorCode;
      readonly message: string;
      readonly details: { readonly hint?: string; readonly data?: Readonly<Record<string, unknown>> };
    }
  | { readonly kind: 'log'; readonly line: string };

/** A running HTTP API in a thread of its own. */
export interface ApiThread extends Omit<ApiServer, 'proxies'> {
  /** Number of proxies created from the config. */
  readonly configured: number;
  /** Rejects when the thread has died; never resolves. */
  readonly died: Promise<never>;
}

/**
 * Room for some 2,000 round trips between two collections, in MB: with V8's 1 a collection delays one in 70 of them, or
 * the client beside it.
 */
const YOUNG_MB = 4;

/**
 * Serves the API of {@link createApiServer} from a thread whose heap is tuned for streams: fewer collections, and
 * chunks are freed once they are written. Only for a process of its own, such as `chaos proxy`: V8 flags set for this
 * thread apply to every later thread, too.
 */
export async function startApiThread({ log, ...options }: ApiServerOptions = {}): Promise<ApiThread> {
  setFlagsFromString(`--min-semi-space-size=${YOUNG_MB}`);
  // Node 22 has this feature without the flag.
  if (!CAN_FREE) setFlagsFromString('--harmony-rab-gsab-transfer');
  const order: ApiOrder = { ...options, logs: log !== undefined };
  const thread = new Worker(
    join(dirname(createRequire(import.meta.url).resolve('@chaos/net-proxy/package.json')), 'dist/api/api-thread.js'),
    { workerData: order, execArgv: [] },
  );
  const exited = new Promise<void>((resolve) => thread.once('exit', () => resolve()));
  const died = new Promise<never>((_, reject) => thread.once('error', reject));
  died.catch(() => {});
  const ready = await new Promise<Extract<ApiThreadMessage, { kind: 'ready' }>>((resolve, reject) => {
    died.catch(reject);
    thread.on('message', (message: ApiThreadMessage) => {
      if (message.kind === 'log') log?.(message.line);
      if (message.kind === 'ready') resolve(message);
      if (message.kind === 'refused') reject(new ChaosError(message.code, message.message, message.details));
    });
  });
  const close = async (): Promise<void> => {
    thread.postMessage('close');
    await exited;
  };
  const { url, address, seed, proxies: configured } = ready;
  return { url, address, seed, configured, died, close, [Symbol.asyncDispose]: close };
}
