import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Reporter } from '@chaos/spec';
import { livePage } from '../write/page.js';
import { shell } from '../write/shell.js';
import { LiveRun } from './live-run.js';
import { answer, fail } from './answer.js';
import { ASK, Guard } from './guard.js';
import { Listeners } from './listeners.js';

/** What a page may ask for. */
export interface LiveCommands {
  /** Runs these tests, or all. */
  run(ids: readonly string[] | undefined): void;
  stop(): void;
  watch(on: boolean): void;
}

/** A page that shows runs while they go on. */
export interface LiveServer {
  /** Opens the page once: it holds a token, which the browser changes into a cookie. */
  readonly url: string;
  /** Hears of the runs. */
  readonly reporter: Reporter;
  /** Says what the program around the runs does. */
  tell(around: { readonly isRunning?: boolean; readonly isWatching?: boolean; readonly note?: string }): void;
  close(): Promise<void>;
}

const MOST_FILE_BYTES = 256 * 2 ** 20;
const MOST_BODY = 2 ** 20;

interface StoredFile {
  readonly contentType: string;
  readonly data: Buffer;
}

/** Starts the server of `chaos ui` on the loopback device; `port` 0 takes a free one. */
export async function startLiveServer(commands: LiveCommands, port = 0): Promise<LiveServer> {
  const files = new Map<string, StoredFile>();
  let bytes = 0;
  const run = new LiveRun((name, contentType, data) => {
    if (!files.has(name) && (bytes += data.length) > MOST_FILE_BYTES) return undefined;
    files.set(name, { contentType, data });
    return `data/${name}`;
  });
  const listeners = new Listeners(run);
  const server = createServer();
  await listening(server, port);
  const { port: taken } = server.address() as AddressInfo;
  const guard = new Guard(taken);
  const receive = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const refused = guard.refusal(request);
    if (refused !== undefined) return answer(response, refused.status, 'text/plain', refused.text);
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const token = searchParams.get('token');
    if (token !== null) return guard.enter(token, response);
    if (!guard.knows(request)) return answer(response, 401, 'text/plain', ASK);
    if (request.method === 'POST') return obey(pathname, request, response, commands);
    if (pathname === '/api/events') return listeners.add(response);
    serve(pathname, response, run, files);
  };
  // The run outlives any request.
  server.on('request', (request, response) => {
    receive(request, response).catch((error: unknown) => fail(response, error));
  });
  return {
    url: `http://127.0.0.1:${taken}/?token=${guard.token}`,
    reporter: run,
    tell: (around) => run.tell(around),
    async close() {
      listeners.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function serve(pathname: string, response: ServerResponse, run: LiveRun, files: ReadonlyMap<string, StoredFile>): void {
  if (pathname === '/') return answer(response, 200, 'text/html', livePage());
  if (pathname === '/app.js') return answer(response, 200, 'text/javascript', shell().js);
  if (pathname === '/app.css') return answer(response, 200, 'text/css', shell().css);
  if (pathname.startsWith('/api/detail/')) {
    const detail = run.detail(decodeURIComponent(pathname.slice('/api/detail/'.length)));
    if (detail !== undefined) return answer(response, 200, 'application/json', JSON.stringify(detail));
  }
  const file = files.get(pathname.replace('/data/', ''));
  if (file === undefined) return answer(response, 404, 'text/plain', `There is no ${pathname}\n`);
  // Opened alone, what a test attached must not act as a page of this server.
  response.setHeader(
    'content-security-policy',
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:",
  );
  answer(response, 200, file.contentType, file.data);
}

async function obey(
  pathname: string,
  request: IncomingMessage,
  response: ServerResponse,
  commands: LiveCommands,
): Promise<void> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > MOST_BODY) throw new RangeError('too long');
  }
  const body = JSON.parse(text || '{}') as { readonly ids?: unknown; readonly on?: unknown } | null;
  const ids = body?.ids;
  if (pathname === '/api/run')
    commands.run(Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : undefined);
  else if (pathname === '/api/stop') commands.stop();
  else if (pathname === '/api/watch') commands.watch(body?.on === true);
  else return answer(response, 404, 'text/plain', `There is no ${pathname}\n`);
  answer(response, 202, 'application/json', '{}');
}

async function listening(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
}
