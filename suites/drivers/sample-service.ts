import { OperationError, type DriverContext, type OperationsOf, type TargetDriver } from '@chaos/test';
import { send, type ClientRequest } from './keep-alive-client.js';
import { tokenFor, forgetToken } from './token-cache.js';

/** Options of every operation. */
export interface CallOptions {
  /** Default: a valid token of `user-1` with the role `user`. */
  readonly token?: string;
  /** `Idempotency-Key`, for operations with an effect. */
  readonly key?: string;
  /** Default: 1.5 times the target's own limit. */
  readonly timeoutMs?: number;
}

export interface Document {
  readonly id: string;
  readonly body: string;
  readonly version: number;
}

export interface Account {
  readonly id: string;
  readonly balance: number;
}

export interface Transfer {
  readonly from: string;
  readonly to: string;
  readonly amount: number;
  readonly fromBalance: number;
  readonly toBalance: number;
}

export interface Booking {
  readonly item: string;
  readonly quantity: number;
  readonly reference: string;
  readonly left: number;
}

/** Balances, bodies, values and quantities by id. */
export interface SeedData {
  readonly accounts?: Readonly<Record<string, number>>;
  readonly documents?: Readonly<Record<string, string>>;
  readonly counters?: Readonly<Record<string, number>>;
  readonly stock?: Readonly<Record<string, number>>;
}

/** `GET /metrics`. */
export interface Metrics {
  readonly pool: { readonly total: number; readonly idle: number; readonly waiting: number; readonly max: number };
  readonly cache: {
    readonly connected: boolean;
    readonly hits: number;
    readonly misses: number;
    readonly bypassed: number;
    readonly loads: number;
    readonly failures: number;
    readonly undelivered: number;
  };
  readonly jwks: { readonly fetches: number; readonly failures: number; readonly keys: number };
  readonly retries: {
    readonly serialization: number;
    readonly deadlock: number;
    readonly lost: number;
    readonly unknownCommit: number;
  };
  readonly requests: { readonly inProgress: number; readonly shed: number };
  readonly process: { readonly pid: number; readonly descriptors?: number; readonly heapBytes: number };
}

/**
 * Initial state of every test: `account-0`… with 1000 each, `document-0`…, the counter `hits` at 0, a million of the
 * item `ticket`.
 */
export const seeded = {
  balance: 1000,
  counter: 'hits',
  item: 'ticket',
  quantity: 1_000_000,
  account: (index: number): string => `account-${index}`,
  document: (index: number): string => `document-${index}`,
  /** Number of accounts, and of documents. */
  rows: (context: Pick<DriverContext, 'config'>): number => Math.max(10, context.config.dataRows),
} as const;

const operations = {
  read: (context: DriverContext, id: string, options?: CallOptions) =>
    get<Document>(context, `/documents/${encodeURIComponent(id)}`, options),
  write: (context: DriverContext, id: string, body: string, options?: CallOptions) =>
    call<Document>(context, 'PUT', `/documents/${encodeURIComponent(id)}`, { body }, options),
  /**
   * Opens a temporary file in the target; rejected with 404 for an unknown document, with 422 for a character that the
   * charset lacks.
   */
  exportDocument: (
    context: DriverContext,
    id: string,
    charset: 'utf8' | 'latin1' | 'ascii' = 'utf8',
    options?: CallOptions,
  ) => get<string>(context, `/documents/${encodeURIComponent(id)}/export?charset=${charset}`, options),

  transfer: (context: DriverContext, from: string, to: string, amount: number, options?: CallOptions) =>
    call<Transfer>(context, 'POST', '/transfers', { from, to, amount }, options),
  balance: async (context: DriverContext, id: string, options?: CallOptions) =>
    (await get<Account>(context, `/accounts/${encodeURIComponent(id)}`, options)).balance,
  balances: async (context: DriverContext, options?: CallOptions): Promise<Record<string, number>> =>
    Object.fromEntries((await get<Account[]>(context, '/accounts', options)).map(({ id, balance }) => [id, balance])),
  total: async (context: DriverContext, options?: CallOptions) =>
    (await get<{ total: number }>(context, '/total', options)).total,

  increment: async (context: DriverContext, name: string, options?: CallOptions) =>
    (await call<{ value: number }>(context, 'POST', `/counters/${encodeURIComponent(name)}/increment`, {}, options))
      .value,
  counter: async (context: DriverContext, name: string, options?: CallOptions) =>
    (await get<{ value: number }>(context, `/counters/${encodeURIComponent(name)}`, options)).value,

  book: (
    context: DriverContext,
    item: string,
    quantity: number,
    options?: CallOptions & { readonly reference?: string },
  ) =>
    call<Booking>(
      context,
      'POST',
      '/bookings',
      { item, quantity, ...(options?.reference !== undefined && { reference: options.reference }) },
      options,
    ),
  stock: (context: DriverContext, item: string, options?: CallOptions) =>
    get<{ item: string; quantity: number; booked: number }>(context, `/stock/${encodeURIComponent(item)}`, options),

  /**
   * Keeps the target's database busy for `ms`; rejected as `unavailable` with code TIMEOUT beyond its statement
   * time-out.
   */
  slowReport: (context: DriverContext, ms: number, options?: CallOptions) =>
    get<{ accounts: number; busyMs: number }>(context, `/reports/slow?ms=${ms}`, options),
  whoami: (context: DriverContext, options?: CallOptions) =>
    get<{ subject: string; roles: string[]; expiresAt: number }>(context, '/whoami', options),
  graphql: (
    context: DriverContext,
    query: string,
    variables: Readonly<Record<string, unknown>> = {},
    options?: CallOptions,
  ) =>
    call<{ data: Record<string, unknown> | null; errors?: { message: string; extensions?: { code?: string } }[] }>(
      context,
      'POST',
      '/graphql',
      { query, variables },
      options,
    ),

  /** A new token; `claims` override valid ones. */
  token: (context: DriverContext, claims?: Parameters<DriverContext['issueToken']>[0]) => context.issueToken(claims),
  metrics: (context: DriverContext, options?: CallOptions) =>
    get<Metrics>(context, '/metrics', { token: '', ...options }),
  health: (context: DriverContext, options?: CallOptions) =>
    get<{ status: string }>(context, '/health', { token: '', ...options }),
  ready: (context: DriverContext, options?: CallOptions) =>
    get<{ status: string }>(context, '/ready', { token: '', ...options }),
  /** Sets the named entries and leaves all others alone, as an admin. */
  set: async (context: DriverContext, data: SeedData): Promise<void> => {
    await call(context, 'POST', '/admin/seed', data, {
      token: await context.issueToken({ sub: 'seeder', roles: ['admin'] }),
    });
  },
} satisfies TargetDriver['operations'];

/** The operations as tests call them: `target.read('42')`. */
export type SampleOperations = OperationsOf<typeof driver>;

async function seed(context: DriverContext): Promise<void> {
  const numbers = Array.from({ length: seeded.rows(context) }, (_, index) => index);
  await operations.set(context, {
    accounts: Object.fromEntries(numbers.map((index) => [seeded.account(index), seeded.balance])),
    documents: Object.fromEntries(
      numbers.map((index) => [seeded.document(index), `body of ${seeded.document(index)}`]),
    ),
    counters: { [seeded.counter]: 0 },
    stock: { [seeded.item]: seeded.quantity },
  });
}

/** Drives `@chaos/sample-service` over HTTP. */
const driver = { seed, operations } satisfies TargetDriver;
export default driver;

function get<T>(context: DriverContext, path: string, options?: CallOptions): Promise<T> {
  return call<T>(context, 'GET', path, undefined, options);
}

async function call<T>(
  context: DriverContext,
  method: ClientRequest['method'],
  path: string,
  body: unknown,
  options: CallOptions = {},
): Promise<T> {
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
  if (response.status >= 200 && response.status < 300)
    return (isExport(path) ? response.text : JSON.parse(response.text)) as T;
  if (response.status === 401 && options.token === undefined) forgetToken(context);
  throw failure(method, path, response.status, response.text);
}

function isExport(path: string): boolean {
  return /^\/documents\/[^/]+\/export\?/.test(path);
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
