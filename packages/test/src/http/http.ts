import type { DriverContext, Json } from '@chaos/spec';
import { dataOf, type GraphqlAnswer } from './graphql.js';
import type { Method } from './exchange.js';
import { callGrpcWeb, type GrpcStatus } from './grpc-web.js';
import { send } from './send.js';
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
  /** How a successful answer is read. Default `json`; `bytes`: a Uint8Array; `none`: only its status counts. */
  readonly as?: 'json' | 'text' | 'bytes' | 'none';
}

/** An operation of a driver. */
export type HttpOperation<Args extends readonly unknown[], Answer> = (
  context: DriverContext,
  ...args: Args
) => Promise<Answer>;

/** Options of a call of gRPC-web. */
export interface GrpcWebOptions<Args extends readonly unknown[], Answer> extends Pick<
  RequestOptions<Args, Answer>,
  'right' | 'headers'
> {
  /** The encoded message, as the classes do that `protoc` generates. Default: an empty one. */
  readonly body?: (...args: Args) => Uint8Array;
  /** Decodes the message of the answer. Default: its bytes. */
  readonly read?: (message: Uint8Array) => Answer;
  /** Statuses by which the service decides against it: `['NOT_FOUND']`. Default: none. */
  readonly rejected?: readonly GrpcStatus[];
}

type Headers = Readonly<Record<string, string>>;
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
  /** A call of gRPC-web with one message each way, to `/package.Service/Method`. */
  readonly grpcWeb: <Answer = Uint8Array, Args extends readonly unknown[] = []>(
    path: string,
    options?: GrpcWebOptions<Args, Answer>,
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
 * ```ts
 * const api = http({ auth: { sub: 'user' } });
 * const operations = {
 *   read: api.get<Note, [id: string]>((id) => `/notes/${id}`, { right: (note, id) => note.id === id }),
 *   remove: api.delete<unknown, [id: string]>((id) => `/notes/${id}`, { rejected: [404] }),
 * };
 * export default { operations } satisfies TargetDriver;
 * ```
 */
export function http({ auth, headers = {}, timeoutMs }: HttpOptions = {}): Http {
  const headersOf = async (context: DriverContext, own?: Readonly<Record<string, string>>): Promise<Headers> => {
    const token = auth && (await tokenOf(context, auth));
    return { ...headers, ...(token && { authorization: `Bearer ${token}` }), ...own };
  };
  const make =
    (method: Method): MakeOperation =>
    (path, { body, headers: own, rejected = [], right, as = 'json' } = {}) =>
    async (context, ...args) =>
      send(context, {
        method,
        path: typeof path === 'function' ? path(...args) : path,
        headers: await headersOf(context, own?.(...args)),
        body: body?.(...args),
        rejected,
        as,
        timeoutMs,
        right: right && ((answer) => right(answer as never, ...args)),
      }) as never;
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
    grpcWeb:
      (path, { body, read, headers: own, rejected = [], right } = {}) =>
      async (context, ...args) =>
        callGrpcWeb(context, {
          path,
          headers: await headersOf(context, own?.(...args)),
          message: body?.(...args) ?? new Uint8Array(),
          rejected,
          timeoutMs,
          read: read ?? ((bytes) => bytes as never),
          right: right && ((answer) => right(answer as never, ...args)),
        }) as never,
  };
}
