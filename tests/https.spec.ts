import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LOCALHOST } from './support/localhost-certificate.ts';
import { runTests } from './support/run-tests.ts';

// A server whose certificate names localhost, by an authority that only NODE_EXTRA_CA_CERTS tells of.
let server: Server;
let folder: string;
let port: number;
const asked: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync('/tmp/black-box-https-');
  writeFileSync(`${folder}/cert`, LOCALHOST.certificate);
  server = createServer({ key: LOCALHOST.key, cert: LOCALHOST.certificate }, (request, response) => {
    asked.push(`${request.url} of ${request.headers.host}`);
    response.end('{"keys":[]}');
  }).listen(0, 'localhost');
  await once(server, 'listening');
  ({ port } = server.address() as AddressInfo);
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

const env = (): Readonly<Record<string, string>> => ({ NODE_EXTRA_CA_CERTS: `${folder}/cert` });
// Asks the address in its environment, and says what came of it.
const TARGET = `
  require('http').createServer(async (request, response) => {
    const url = process.env[request.url.slice(1)];
    if (!url) return response.end('{}');
    response.end(JSON.stringify(await fetch(url, { headers: { connection: 'close' } }).then(async (answer) => ({ status: answer.status, text: await answer.text() }), (error) => ({ error: error.cause?.code ?? error.message }))));
  }).listen(Number(process.env.PORT), '127.0.0.1');
`;

test('a dependency and an issuer at https: are reached through links that can be broken, by their own names', async () => {
  asked.length = 0;
  const { run, get } = await runTests(
    `
    const ask = async (target, name) => (await fetch(target.url + '/' + name)).json();
    test('are reached', async ({ target }) => {
      expect(await ask(target, 'PAYMENTS')).toEqual({ status: 200, text: '{"keys":[]}' });
      expect(await ask(target, 'JWKS')).toEqual({ status: 200, text: '{"keys":[]}' });
    });
    test('are cut', async ({ target, link, inject }) => {
      await inject(link('target', 'payments').cut());
      await inject(link('target', 'jwks').cut());
      for (const name of ['PAYMENTS', 'JWKS']) expect(await ask(target, name)).toEqual({ error: expect.stringMatching(/ECONN|UND_ERR/) });
    });
    test('answer otherwise', async ({ target, link, inject }) => {
      await inject(link('target', 'payments').httpStatus({ status: 429 }));
      await inject(link('target', 'jwks').httpStatus({ status: 503 }));
      expect(await ask(target, 'PAYMENTS')).toMatchObject({ status: 429 });
      expect(await ask(target, 'JWKS')).toMatchObject({ status: 503 });
    });
    `,
    ['--retries', '0'],
    `
target: { command: [node, target.cjs], env: { PORT: '{port}', JWKS: '{jwks.url}' } }
dependencies: { payments: { http: 'https://localhost:${port}/v1', env: PAYMENTS } }
services: { jwks: { url: 'https://localhost:${port}/keys' } }
runner: { workers: 1 }
`,
    { 'target.cjs': TARGET },
    { env: env() },
  );
  for (const title of ['are reached', 'are cut', 'answer otherwise'])
    expect(get(title).status, `${title}\n${run.output}`).toBe('expected');
  expect(new Set(asked)).toEqual(new Set([`/v1 of localhost:${port}`, `/keys of localhost:${port}`]));
});

test('so is an external target', async () => {
  const { run, get } = await runTests(
    `
    test('is reached', async ({ target }) => {
      expect(target.url).toMatch(/^http:.*[^/]$/);
      expect(await (await fetch(target.url + '/notes')).text()).toBe('{"keys":[]}');
    });
    test('is broken', async ({ target, link, inject }) => {
      await inject(link('client', 'target').httpStatus({ status: 503 }));
      expect((await fetch(target.url)).status).toBe(503);
    });
    `,
    ['--retries', '0'],
    `target: { external: { url: 'https://localhost:${port}/' } }`,
    {},
    { env: env() },
  );
  for (const title of ['is reached', 'is broken'])
    expect(get(title).status, `${title}\n${run.output}`).toBe('expected');
});

test('a certificate that nobody vouches for is told', async () => {
  const { run } = await runTests(
    "test('x', async ({ target }) => { await fetch(target.url); });",
    ['--retries', '0'],
    `target: { external: { url: 'https://localhost:${port}' }, ready: { timeout_ms: 500 } }`,
  );
  expect(run.code, run.output).toBe(3);
  expect(run.output).toMatch(/Cannot get the target ready .* self-signed certificate/);
});
