import { OperationError, type DriverContext } from '@chaos/test';
import type { CallOptions } from '../operations/call-options.js';
import { send, type ClientRequest } from './keep-alive-client.js';
import { forgetToken, tokenFor } from './token-cache.js';

/** Gets the JSON at a path. */
export function get<T>(context: DriverContext, path: string, options?: CallOptions): Promise<T> {
  return call<T>(context, 'GET', path, undefined, options);
}

/**
 * Sends a request and reads the JSON of its answer.
 * @throws OperationError `rejected` for 4xx, `unavailable` for 5xx, `unknown` where the service does not know either.
 */
export async function call<T>(
  context: DriverContext,
  method: ClientRequest['method'],
  path: string,
  body: unknown,
  options?: CallOptions,
): Promise<T> {
  return JSON.parse(await callText(context, method, path, body, options)) as T;
}

/** As {@link call}, for an answer that is not JSON. */
export async function callText(
  context: DriverContext,
  method: ClientRequest['method'],
  path: string,
  body: unknown,
  options: CallOptions = {},
): Promise<string> {
  const { config, signal } = context;
  const token = options.token ?? (await tokenFor(context));
  const text = body === undefined ? undefined : JSON.stringify(body);
  const response = await send({
    method,
    url: context.url + path,
    headers: {
      ...(token !== '' && { authorization: `Bearer ${token}` }),
      ...(options.key !== undefined && { 'idempotency-key': options.key }),
      ...(text !== undefined && {
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(text)),
      }),
    },
    ...(text !== undefined && { body: text }),
    timeoutMs: options.timeoutMs ?? Math.round(config.timeoutMs * config.deadlineFactor * 1.5),
    signal,
  });
  if (response.status >= 200 && response.status < 300) return response.text;
  if (response.status === 401 && options.token === undefined) forgetToken(context);
  throw failure(method, path, response.status, response.text);
}

function failure(method: string, path: string, status: number, text: string): OperationError {
  const { code, message } = errorIn(text);
  const outcome = code === 'UNKNOWN_OUTCOME' ? 'unknown' : status >= 400 && status < 500 ? 'rejected' : 'unavailable';
  return new OperationError(outcome, `${method} ${path} answered ${status} ${code}: ${message}`, {
    data: { status, code },
  });
}

function errorIn(text: string): { code: string; message: string } {
  try {
    const { error } = JSON.parse(text) as { error: { code: string; message: string } };
    return { code: String(error.code), message: String(error.message) };
  } catch {
    return { code: 'NO_JSON', message: text.slice(0, 200) };
  }
}
