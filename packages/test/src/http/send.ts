import { InvariantViolation, OperationError, type DriverContext } from '@chaos/spec';
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
  const said = `${name} answered ${status}${text === '' ? '' : `: ${shortened(text)}`}`;
  const data = { status };
  if (request.rejected.includes(status)) throw new OperationError('rejected', said, { data });
  if (status >= 500 || status === 429) throw new OperationError('unavailable', said, { data });
  if (status < 200 || status >= 300)
    throw new InvariantViolation(`${said}. That is no answer which the driver expects`, {
      hint: `If the service decides so, say it in the driver: rejected: [${status}].`,
      data,
    });
  const answer = read(request.as, text, name);
  if (request.right?.(answer) === false)
    throw new InvariantViolation(`${name} answered ${shortened(text)}, which is not right`, { data });
  return answer;
}

async function exchange(
  { url, config, signal }: DriverContext,
  { method, path, headers, body, timeoutMs }: Request,
  name: string,
): Promise<{ readonly status: number; readonly text: string }> {
  const limitMs = timeoutMs ?? Math.round(config.timeoutMs * config.deadlineFactor * 1.5);
  const timeout = AbortSignal.timeout(limitMs);
  const content = contentOf(body);
  try {
    const response = await fetch(url + path, {
      method,
      signal: AbortSignal.any([signal, timeout]),
      headers: { ...content?.headers, ...headers },
      // A redirect is an answer of its own.
      redirect: 'manual',
      ...(content && { body: content.body }),
    });
    return { status: response.status, text: await response.text() };
  } catch (error) {
    if (timeout.aborted && !signal.aborted)
      throw new OperationError('timeout', `${name}: no answer within ${limitMs} ms`, { cause: error });
    const { code } = ((error as Error).cause ?? {}) as { readonly code?: unknown };
    throw new OperationError(NOT_SENT.has(code) ? 'unavailable' : 'unknown', `${name}: ${reasonOf(error, code)}`, {
      cause: error,
    });
  }
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
