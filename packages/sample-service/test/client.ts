import type { JwksServer } from '@chaos/services/jwks';

/** An answer. */
export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  /** Fields of an error answer. */
  readonly code: string | undefined;
}

/** Options of {@link Client.call}. */
export interface CallOptions {
  readonly body?: object;
  readonly key?: string;
  /** Default: a valid token. */
  readonly token?: string;
}

/** Values of `GET /metrics` that tests check. */
export interface Metrics {
  readonly pool: { readonly total: number; readonly idle: number };
  readonly cache: { readonly connected: boolean; readonly loads: number };
  readonly process: { readonly descriptors: number };
}

/** A client of the service. */
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
      // Seeding sets values, so repeating it does no harm; on a busy machine the first attempt may exceed the service's
      // own limit.
      for (let tries = 0; tries < SEED_TRIES && status !== 200; tries++)
        ({ status } = await call('POST', '/admin/seed', { body: data, token: await jwks.issue({ roles: ['admin'] }) }));
      if (status !== 200) throw new Error(`seeding was answered with ${status}, ${SEED_TRIES} times`);
    },
    metrics: async () => (await call('GET', '/metrics', { token: '' })).body as unknown as Metrics,
  };
}
