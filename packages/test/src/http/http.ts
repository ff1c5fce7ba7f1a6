import type { DriverContext, Json } from '@chaos/spec';
import { dataOf, type GraphqlAnswer } from './graphql.js';
import { send, type Method } from './send.js';
import { tokenOf } from './token-of.js';

/** Options of {@link http}: for all its operations. */
export interface HttpOptions {
  /**
   * Claims of the token that every request carries, signed by the slot's issuer: `{ sub: 'user' }`. Default: no token.
   */
  readonly auth?: Readonly<Record<string, Json>>;
  /** Headers of every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Time for a whole answer, ms. Default: 1.5 × `timeout_ms`, longer where the machine is busy. */
  readonly timeoutMs?: number;
}

/** Options of one operation. */
export interface RequestOptions<Args extends readonly unknown[], Answer> {
  /** The body: a text or bytes as they are, anything else as JSON. */
  readonly body?: (...args: Args) => unknown;
  /** Headers of its own. */
  readonly headers?: (...args: Args) => Readonly<Record<string, string>>;
  /** Statuses by which the service decides against it: `[404, 409]`. Any other 4xx is a wrong answer. Default: none. */
  readonly rejected?: readonly number[];
  /** True for a right answer; it sees what the operation was called with. Default: any answer is right. */
  readonly right?: (answer: Answer, ...args: Args) => boolean;
  /** How a successful answer is read. Default `json`; `none`: only its status counts. */
  readonly as?: 'json' | 'text' | 'none';
}

/** An operation of a driver. */
export type HttpOperation<Args extends readonly unknown[], Answer> = (
  context: DriverContext,
  ...args: Args
) => Promise<Answer>;

type Path<Args extends readonly unknown[]> = string | ((...args: Args) => string);

/** Makes the operation of one method. */
export type MakeOperation = <Answer = unknown, Args extends readonly unknown[] = []>(
  path: Path<Args>,
  options?: RequestOptions<Args, Answer>,
) => HttpOperation<Args, Answer>;

/** Makes operations of a driver from HTTP requests, a method each. */
export interface Http {
  /** An operation that reads. */
  readonly get: MakeOperation;
  /** An operation that makes something, or does it. */
  readonly post: MakeOperation;
  /** An operation that stores a whole. */
  readonly put: MakeOperation;
  /** An operation that changes a part. */
  readonly patch: MakeOperation;
  /** An operation that removes. */
  readonly delete: MakeOperation;
  /**
   * A query of GraphQL, sent to `/graphql`; `variables` are made from the arguments. Answers with errors are
   * `rejected`.
   */
  readonly graphql: <Answer = unknown, Args extends readonly unknown[] = []>(
    query: string,
    options?: Pick<RequestOptions<Args, Answer>, 'right' | 'headers'> & {
      readonly variables?: (...args: Args) => Readonly<Record<string, Json>>;
      /** Default `/graphql`. */
      readonly path?: string;
    },
  ) => HttpOperation<Args, Answer>;
}

/**
 * Operations over HTTP for a driver, each in a line. What they throw says what happened to the request, by status and
 * by what broke:
 *
 * - a status in `rejected`: `OperationError` with outcome `rejected`;
 * - 5xx, 429, a refused connection, a name that is not found: `unavailable`;
 * - no answer in time: `timeout`; a connection lost after the request was sent: `unknown`;
 * - any other status, an answer that is no JSON, one that `right` refuses: `InvariantViolation`. A 404 for something
 *   that is there must not look like a refusal.
 *
 * Nothing is tried again.
 *
 * @example
 * const api = http({ auth: { sub: 'user' } });
 * const operations = {
 *   read: api.get<Note, [id: string]>((id) => `/notes/${id}`, { right: (note, id) => note.id === id }),
 * write: api.put<unknown, [id: string, body: string]>((id) => `/notes/${id}`, { body: (_, body) => ({ body }),
 * rejected: [409] }), }; export default { operations } satisfies TargetDriver;
 */
export function http({ auth, headers = {}, timeoutMs }: HttpOptions = {}): Http {
  const make =
    (method: Method): MakeOperation =>
    (path, { body, headers: own, rejected = [], right, as = 'json' } = {}) =>
    async (context, ...args) => {
      const token = auth && (await tokenOf(context, auth));
      return send(context, {
        method,
        path: typeof path === 'function' ? path(...args) : path,
        headers: { ...headers, ...(token && { authorization: `Bearer ${token}` }), ...own?.(...args) },
        body: body?.(...args),
        rejected,
        as,
        timeoutMs,
        right: right && ((answer) => right(answer as never, ...args)),
      }) as never;
    };
  const post = make('POST');
  return {
    get: make('GET'),
    post,
    put: make('PUT'),
    patch: make('PATCH'),
    delete: make('DELETE'),
    graphql: (query, { variables, path = '/graphql', right, headers: own } = {}) => {
      const ask = post<GraphqlAnswer, readonly unknown[]>(path, {
        body: (...args) => ({ query, variables: variables?.(...(args as never)) ?? {} }),
        ...(own && { headers: (...args) => own(...(args as never)) }),
      });
      return async (context, ...args) =>
        dataOf(await ask(context, ...args), path, right && ((data) => right(data as never, ...args))) as never;
    },
  };
}
