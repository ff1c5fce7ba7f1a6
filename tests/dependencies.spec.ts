import { once } from 'node:events';
import { createServer as createHttp, type Server } from 'node:http';
import { createServer, type AddressInfo, type Server as TcpServer } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testsByTitle } from './support/json-report.ts';
import { createProject, type Project } from './support/project.ts';
import { runChaos } from './support/run-chaos.ts';
import { untilNothingIsLeft } from './support/until-nothing-is-left.ts';

// Dependencies that chaos does not start: one speaks HTTP, one answers each line with the same line.
let payments: Server;
let queue: TcpServer;
const charged: string[] = [];

beforeAll(async () => {
  payments = createHttp((request, response) => {
    charged.push(`${request.method} ${request.url} of ${request.headers.host}`);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ ok: true, padding: 'x'.repeat(200) }));
  }).listen(0, '127.0.0.1');
  queue = createServer((socket) => void socket.on('error', () => {}).pipe(socket)).listen(0, '127.0.0.1');
  await Promise.all([once(payments, 'listening'), once(queue, 'listening')]);
});

afterAll(() => {
  payments.closeAllConnections();
  payments.close();
  queue.close();
});

const portOf = (server: Server | TcpServer): number => (server.address() as AddressInfo).port;

// Asks both, and says what came of it.
const TARGET = `
  import { createServer } from 'node:http';
  import { connect } from 'node:net';
  const { PORT, PAYMENTS_URL, QUEUE } = process.env;
  const pay = async (path) => {
    const answer = await fetch(PAYMENTS_URL + path, { headers: { connection: 'close' } });
    const head = { status: answer.status, type: answer.headers.get('content-type'), after: answer.headers.get('retry-after') };
    try { return { ...head, length: (await answer.text()).length }; } catch (error) { return { ...head, broken: error.message }; }
  };
  const enqueue = () => new Promise((resolve, reject) => {
    const [host, port] = QUEUE.split(':');
    const socket = connect(Number(port), host, () => socket.write('job'));
    socket.once('data', (text) => { socket.destroy(); resolve({ said: String(text) }); }).once('error', reject);
  });
  createServer(async (request, response) => {
    const ask = request.url === '/queue' ? enqueue() : request.url === '/' ? Promise.resolve({}) : pay(request.url);
    response.end(JSON.stringify(await ask.catch((error) => ({ error: String(error.cause?.code ?? error.code ?? error) }))));
  }).listen(Number(PORT), '127.0.0.1');
`;

const TESTS = `
  import { test, expect } from '@chaos/test';
  const ask = async (target, path) => (await fetch(target.url + path)).json();
  test('healthy', async ({ target }) => {
    expect(await ask(target, '/charge')).toEqual({ status: 200, type: 'application/json', after: null, length: 224 });
    expect(await ask(target, '/queue')).toEqual({ said: 'job' });
  });
  test('tcp cut', async ({ target, link, inject }) => {
    const cut = await inject(link('target', 'queue').cut());
    expect(await ask(target, '/queue')).toEqual({ error: 'ECONNREFUSED' });
    await cut.heal();
    expect(await ask(target, '/queue')).toEqual({ said: 'job' });
  });
  test('429', async ({ target, link, inject }) => {
    await inject(link('target', 'payments').httpStatus({ status: 429, retryAfterSeconds: 2, path: '/v1/charge' }));
    expect(await ask(target, '/charge')).toMatchObject({ status: 429, after: '2' });
    expect(await ask(target, '/other')).toMatchObject({ status: 200 });
  });
  test('handled, and the answer lost', async ({ target, link, inject }) => {
    await inject(link('target', 'payments').httpStatus({ status: 504, isHandled: true }));
    expect(await ask(target, '/charge?once')).toMatchObject({ status: 504 });
  });
  test('slow body', async ({ target, link, inject }) => {
    await inject(link('target', 'payments').httpSlowBody({ bytesPerSecond: 450 }));
    const started = performance.now();
    expect(await ask(target, '/charge')).toMatchObject({ status: 200, length: 224 });
    expect(performance.now() - started).toBeGreaterThan(400);
  });
  test('truncated', async ({ target, link, inject }) => {
    await inject(link('target', 'payments').httpTruncate({ bytes: 20 }));
    expect(await ask(target, '/charge')).toMatchObject({ status: 200, broken: expect.any(String) });
  });
  test('another content type', async ({ target, link, inject }) => {
    await inject(link('target', 'payments').httpContentType({ contentType: 'text/html', body: '<p>busy</p>' }));
    expect(await ask(target, '/charge')).toMatchObject({ status: 200, type: 'text/html', length: 11 });
  });
  test('cut, too', async ({ target, link, inject }) => {
    await inject(link('target', 'payments').cut());
    expect(await ask(target, '/charge')).toEqual({ error: 'ECONNREFUSED' });
  });
  test('nobody asked', async ({ target, link, inject }) => {
    await inject(link('target', 'payments').httpStatus({ status: 500 }));
    await fetch(target.url);
  });
  test('nobody had to ask', async ({ target, link, inject }) => {
    await inject(link('target', 'payments').httpStatus({ status: 500 }), { mayMeetNothing: 'prices are cached' });
    await fetch(target.url);
  });
  test('no HTTP there', async ({ link, inject }) => {
    await inject(link('target', 'queue').httpStatus({ status: 500 }));
  });
`;

function project(more = ''): Project {
  return createProject({
    'chaos.yaml': `
dependencies:
  payments: { http: 'http://127.0.0.1:${portOf(payments)}/v1', env: PAYMENTS_URL }
  queue: { tcp: '127.0.0.1:${portOf(queue)}', env: QUEUE }
${more}
target:
  command: [node, server.mjs]
  env: { PORT: '{port}' }
  ready: { port: true }
runner: { workers: 1, retries: { count: 0 } }
`,
    'server.mjs': TARGET,
    'a.chaos.ts': TESTS,
  });
}

test('dependencies that are not ours are broken by links, one of HTTP by its answers', async () => {
  const { code, output, report, footprint } = await runChaos(project(), ['run']);
  expect(code, output).toBe(1);
  const tests = testsByTitle(report());
  const good = ['healthy', 'tcp cut', '429', 'handled, and the answer lost', 'slow body', 'truncated'];
  for (const title of [...good, 'another content type', 'cut, too', 'nobody had to ask'])
    expect(tests.get(title)?.status, `${title}\n${output}`).toBe('expected');
  // The base path stays, the name is the dependency's, and a status that is not handled asks nobody.
  expect(charged).toContain(`GET /v1/charge?once of 127.0.0.1:${portOf(payments)}`);
  expect(output).toMatch(/"link target→payments httpStatus[^"]*" met nothing in \d+ ms: 0 answers/);
  expect(tests.get('no HTTP there')?.results[0]?.errors[0]?.message).toMatch(
    /only a dependency that is given by `http`/,
  );
  await untilNothingIsLeft(footprint);
});

test('a dependency that cannot be reached is named, with exit code 3', async () => {
  const gone = createServer().listen(0, '127.0.0.1');
  await once(gone, 'listening');
  const port = portOf(gone);
  gone.close();
  const { code, output } = await runChaos(project(`  ledger: { tcp: '127.0.0.1:${port}', env: LEDGER }`), ['run']);
  expect(code, output).toBe(3);
  expect(output).toMatch(new RegExp(`Cannot reach the dependency ledger at 127.0.0.1:${port}: .*ECONNREFUSED`));
});

test.each([
  ["  ledger: { tcp: 'a:1' }", /nothing leads the target to it; set its env/],
  ['  ledger: { env: X }', /allowed is either tcp: host:port or http: URL/],
  ["  redis: { tcp: 'a:1', env: X }", /the name redis is taken/],
  ["  ledger: { tcp: 'a', env: X }", /dependencies.ledger.tcp.*host:port/],
  ["  ledger: { tcp: 'a:1', env: PORT }", /target.env.PORT is set too/],
])('a dependency is checked: %s', async (more, message) => {
  const { code, output } = await runChaos(project(more), ['run']);
  expect(code, output).toBe(2);
  expect(output).toMatch(message);
});
