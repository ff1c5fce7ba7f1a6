import { InvariantViolation, OperationError, type DriverContext } from '@chaos/spec';
import { clientTimeMs, stretchOf } from '../driver/client-time.js';
import { decoded } from './decoded.js';
import { exchange, type Answer, type Method } from './exchange.js';
import { forgetTokens } from './token-of.js';

/** One request, and which statuses are a decision of the service. */
export interface Sent {
  readonly method: Method;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly rejected: readonly number[];
  readonly timeoutMs: number | undefined;
}

/** One request, and how its answer is judged. */
export interface Request extends Sent {
  readonly as: 'json' | 'text' | 'bytes' | 'none';
  readonly right: ((answer: unknown) => boolean) | undefined;
}

const SHOWN_CHARACTERS = 500;
const BYTE_ORDER_MARK = '\uFEFF';

/** Sends a request and returns its answer; what it throws is described at `http()`. */
export async function send(context: DriverContext, request: Request): Promise<unknown> {
  const { body, status } = await success(context, request);
  return answerOf(request, body, { name: nameOf(request), status });
}

/** The answer to a request, unpacked, if its status is a success; what it throws is described at `http()`. */
export async function success(context: DriverContext, request: Sent): Promise<Answer> {
  const name = nameOf(request);
  const content = contentOf(request.body);
  const answer = await exchange({
    name,
    url: urlOf(context, request.path),
    method: request.method,
    headers: { ...content?.headers, ...request.headers },
    body: content?.body,
    limitMs: request.timeoutMs ?? clientTimeMs(context),
    stretched: request.timeoutMs === undefined ? stretchOf(context) : '',
    signal: context.signal,
  });
  const { status } = answer;
  if (status === 401) forgetTokens(context);
  const body = await decoded(answer, name);
  if (status >= 200 && status < 300 && !request.rejected.includes(status)) return { ...answer, body };
  const text = textOf(body);
  const said = `${name} answered ${status}${text === '' ? '' : `: ${shortened(text)}`}`;
  const data = { status };
  if (request.rejected.includes(status)) throw new OperationError('rejected', said, { data });
  if (status >= 500 || status === 429) throw new OperationError('unavailable', said, { data });
  throw new InvariantViolation(`${said}. That is no answer which the driver expects`, {
    hint: `If the service decides so, say it in the driver: rejected: [${status}].`,
    data,
  });
}

function nameOf({ method, path }: Sent): string {
  return `${method} ${path}`;
}

function answerOf(
  { as, right }: Request,
  body: Buffer,
  of: { readonly name: string; readonly status: number },
): unknown {
  const answer = read(as, body, of.name);
  if (right?.(answer) !== false) return answer;
  const said = as === 'bytes' ? `${body.length} bytes` : shortened(textOf(body));
  throw new InvariantViolation(`${of.name} answered ${said}, which is not right`, { data: { status: of.status } });
}

function urlOf({ url }: DriverContext, path: string): URL {
  if (path === '' || path.startsWith('/') || path.startsWith('?')) return new URL(url + path);
  throw new TypeError(`The path of an operation begins with "/", it is ${JSON.stringify(path)}`);
}

function contentOf(
  body: unknown,
): { readonly body: string | Uint8Array; readonly headers?: Record<string, string> } | undefined {
  if (body === undefined) return undefined;
  if (typeof body === 'string') return { body, headers: { 'content-type': 'text/plain;charset=UTF-8' } };
  if (body instanceof Uint8Array) return { body };
  return { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
}

function read(as: Request['as'], body: Buffer, name: string): unknown {
  if (as === 'none') return undefined;
  if (as === 'bytes') return new Uint8Array(body);
  const text = textOf(body);
  if (as === 'text') return text;
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new InvariantViolation(`${name} answered with a success and no JSON: ${shortened(text)}`, { cause });
  }
}

function textOf(body: Buffer): string {
  const text = body.toString('utf8');
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
}

function shortened(text: string): string {
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}
