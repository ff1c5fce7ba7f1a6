import { get as getHttp } from 'node:http';
import { abortWithin } from '@chaos/spec';

/** Result of one look. */
export interface Probe {
  /** True if it is ready. */
  readonly ready: boolean;
  /** What was seen instead: `HTTP 503`, or the reason why there was no answer. */
  readonly answer: string;
}

/** One GET on a new connection, ready with status 2xx; never rejects. */
export async function probeHttp(url: string, timeoutMs: number, signal: AbortSignal): Promise<Probe> {
  const get = url.startsWith('https:') ? (await import('node:https')).get : getHttp;
  return new Promise((resolve) => {
    const within = abortWithin(signal, timeoutMs);
    const request = get(url, { agent: false, signal: within }, (response) => {
      const { statusCode = 0 } = response;
      response.on('error', () => undefined).resume();
      resolve({ ready: statusCode >= 200 && statusCode < 300, answer: `HTTP ${statusCode}` });
    });
    request.on('close', () => within[Symbol.dispose]());
    request.on('error', (error) =>
      resolve({
        ready: false,
        answer: within.aborted && !signal.aborted ? `no answer within ${timeoutMs} ms` : error.message,
      }),
    );
  });
}
