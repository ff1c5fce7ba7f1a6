import { InvariantViolation, OperationError, type DriverContext } from '@chaos/spec';
import { clientTimeMs } from '../driver/client-time.js';
import { forgetTokens } from './token-of.js';

/** Methods of HTTP that operations use. */
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** One request, and how its answer is judged. */
export interface Request {
  readonly method: Method;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly rejected: readonly number[];
  readonly as: 'json' | 'text' | 'none';
  readonly timeoutMs: number | undefined;
  readonly right: ((answer: unknown) => boolean) | undefined;
}

const SHOWN_CHARACTERS = 500;
/** The request did not reach the service, so it had no effect. */
const NOT_SENT: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Sends a request and returns its answer; what it throws is described at `http()`. */
export async function send(context: DriverContext, request: Request): Promise<unknown> {
  const name = `${request.method} ${request.path}`;
  const { status, text } = await exchange(context, request, name);
  if (status === 401) forgetTokens(context);
  if (status >= 200 && status < 300 && !request.rejected.includes(status))
    return answerOf(request, text, { name, status });
  const said = `${name} answered ${status}${text === '' ? '' : `: ${shortened(text)}`}`;
  const data = { status };
  if (request.rejected.includes(status)) throw new OperationError('rejected', said, { data });
  if (status >= 500 || status === 429) throw new OperationError('unavailable', said, { data });
  throw new InvariantViolation(`${said}. That is no answer which the driver expects`, {
    hint: `If the service decides so, say it in the driver: rejected: [${status}].`,
    data,
  });
}

function answerOf(
  { as, right }: Request,
  text: string,
  of: { readonly name: string; readonly status: number },
): unknown {
  const answer = read(as, text, of.name);
  if (right?.(answer) === false)
    throw new InvariantViolation(`${of.name} answered ${shortened(text)}, which is not right`, {
      data: { status: of.status },
    });
  return answer;
}

async function exchange(
  context: DriverContext,
  { method, path, headers, body, timeoutMs }: Request,
  name: string,
): Promise<{ readonly status: number; readonly text: string }> {
  const { url, signal } = context;
  const limitMs = timeoutMs ?? clientTimeMs(context);
  // AbortSignal.any() would cost more with each request of a long test, for the signal of the test lives on.
  const limit = limitOf(signal, limitMs);
  const content = contentOf(body);
  try {
    const response = await fetch(url + path, {
      method,
      signal: limit.signal,
      headers: { ...content?.headers, ...headers },
      // A redirect is an answer of its own.
      redirect: 'manual',
      ...(content && { body: content.body }),
    });
    return { status: response.status, text: await response.text() };
  } catch (error) {
    if (limit.signal.aborted && !signal.aborted)
      throw new OperationError('timeout', `${name}: no answer within ${limitMs} ms`, { cause: error });
    const { code } = ((error as Error).cause ?? {}) as { readonly code?: unknown };
    throw new OperationError(NOT_SENT.has(code) ? 'unavailable' : 'unknown', `${name}: ${reasonOf(error, code)}`, {
      cause: error,
    });
  } finally {
    limit.end();
  }
}

function limitOf(outer: AbortSignal, limitMs: number): { readonly signal: AbortSignal; readonly end: () => void } {
  const stop = new AbortController();
  const abort = (): void => stop.abort(outer.reason);
  const timer = setTimeout(() => stop.abort(new DOMException('It took too long', 'TimeoutError')), limitMs);
  outer.addEventListener('abort', abort, { once: true });
  if (outer.aborted) abort();
  return {
    signal: stop.signal,
    end() {
      clearTimeout(timer);
      outer.removeEventListener('abort', abort);
    },
  };
}

function contentOf(
  body: unknown,
): { readonly body: string | Uint8Array; readonly headers?: Record<string, string> } | undefined {
  if (body === undefined) return undefined;
  if (typeof body === 'string' || body instanceof Uint8Array) return { body };
  return { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
}

function reasonOf(error: unknown, code: unknown): string {
  if (typeof code === 'string') return code;
  const { cause, message } = error as Error;
  return cause instanceof Error ? cause.message : message;
}

function read(as: Request['as'], text: string, name: string): unknown {
  if (as === 'none') return undefined;
  if (as === 'text') return text;
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new InvariantViolation(`${name} answered with a success and no JSON: ${shortened(text)}`, { cause });
  }
}

function shortened(text: string): string {
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}
