import { get } from 'node:http';

/** Result of one request for the ready path. */
export interface Probe {
  /** True for status 2xx. */
  readonly ready: boolean;
  /** `HTTP 503`, or the reason why there was no answer. */
  readonly answer: string;
}

/** One GET on a new connection; never rejects. */
export function probe(url: string, timeoutMs: number, signal: AbortSignal): Promise<Probe> {
  return new Promise((resolve) => {
    const timeout = AbortSignal.timeout(timeoutMs);
    const request = get(url, { agent: false, signal: AbortSignal.any([signal, timeout]) }, (response) => {
      const { statusCode = 0 } = response;
      response.on('error', () => undefined).resume();
      resolve({ ready: statusCode >= 200 && statusCode < 300, answer: `HTTP ${statusCode}` });
    });
    request.on('error', (error) =>
      resolve({ ready: false, answer: timeout.aborted ? `no answer within ${timeoutMs} ms` : error.message }),
    );
  });
}
