import { request, type IncomingHttpHeaders } from 'node:http';
import { createApiServer, type ApiServer, type ApiServerOptions } from './create-api-server.js';

/** Response of the API. */
export interface Raw {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface ApiRig extends AsyncDisposable {
  readonly api: ApiServer;
  /** A body that is not a string is sent as JSON. */
  raw(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Raw>;
  /** Like {@link raw}, as `status text`. */
  say(method: string, path: string, body?: unknown): Promise<string>;
  json(method: string, path: string, body?: unknown): Promise<unknown>;
}

export async function apiRig(options: ApiServerOptions = {}): Promise<ApiRig> {
  const api = await createApiServer({ listen: { host: '127.0.0.1', port: 0 }, seed: 'rig', ...options });
  const raw: ApiRig['raw'] = (method, path, body, headers = {}) =>
    new Promise((resolve, reject) => {
      const text = body === undefined || typeof body === 'string' ? (body ?? '') : JSON.stringify(body);
      const sent = request(
        `${api.url}${path}`,
        { method, headers: { ...headers, 'Content-Length': Buffer.byteLength(text) }, agent: false },
        (response) => {
          let answer = '';
          response.setEncoding('utf8').on('data', (data: string) => (answer += data));
          response
            .on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text: answer }))
            .on('error', reject);
        },
      ).on('error', reject);
      sent.end(text);
    });
  return {
    api,
    raw,
    say: async (method, path, body) => {
      const { status, text } = await raw(method, path, body);
      return `${status} ${text}`;
    },
    json: async (method, path, body) => JSON.parse((await raw(method, path, body)).text) as unknown,
    [Symbol.asyncDispose]: () => api.close(),
  };
}

/** The port of `host:port`. */
export const portOf = (listen: string): number => Number(listen.slice(listen.lastIndexOf(':') + 1));
