import type { JwksServer } from '@chaos/services/jwks';

/** An answer. */
export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  /** Of an error. */
  readonly code: string | undefined;
}

/** Options of {@link Client.call}. */
export interface CallOptions {
  readonly body?: object;
  readonly key?: string;
  /** Default: a valid one. */
  readonly token?: string;
}

/** Of `GET /metrics`, what the tests look at. */
export interface Metrics {
  readonly pool: { readonly total: number; readonly idle: number };
  readonly cache: { readonly connected: boolean; readonly loads: number };
  readonly process: { readonly descriptors: number };
}

/** Speaks to the service. */
export interface Client {
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  transfer(from: string, to: string, amount: number, key?: string): Promise<Answer>;
  seed(data: object): Promise<void>;
  metrics(): Promise<Metrics>;
}

const SEED_TRIES = 5;

export function createClient(url: string, jwks: JwksServer): Client {
  async function call(method: string, path: string, { body, key, token }: CallOptions = {}): Promise<Answer> {
    const bearer = token ?? (await jwks.issue());
    const headers = {
      ...(bearer && { authorization: `Bearer ${bearer}` }),
      ...(key && { 'idempotency-key': key }),
      ...(body && { 'content-type': 'application/json' }),
    };
    const response = await fetch(url + path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    const text = await response.text();
    const parsed = response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text;
    return { status: response.status, body: parsed, code: parsed?.error?.code };
  }
  return {
    call,
    transfer: (from, to, amount, key) =>
      call('POST', '/transfers', { body: { from, to, amount }, ...(key !== undefined && { key }) }),
    async seed(data) {
      let status = 0;
      // It sets values, so once more does no harm; beside others' work the first may take longer than the service gives
      // itself.
      for (let tries = 0; tries < SEED_TRIES && status !== 200; tries++)
        ({ status } = await call('POST', '/admin/seed', { body: data, token: await jwks.issue({ roles: ['admin'] }) }));
      if (status !== 200) throw new Error(`seeding was answered with ${status}, ${SEED_TRIES} times`);
    },
    metrics: async () => (await call('GET', '/metrics', { token: '' })).body as unknown as Metrics,
  };
}
