import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { detectNamespace } from '@chaos/env';
import { expect, onTestFinished, test } from 'vitest';
import { createProject } from './support/project.ts';
import { runChaos } from './support/run-chaos.ts';

// The developer's own database: what docs/reference/security.md says of a test that gives its client no address.
const FILES = {
  'target.mjs': `
    import { createServer } from 'node:http';
    createServer((_, response) => response.end(JSON.stringify(process.env))).listen(Number(process.env.PORT), '127.0.0.1');
  `,
  'a.chaos.ts': `
    import { test, expect } from '@chaos/test';
    import pg from 'pg';
    test('without an address', async ({ target }) => {
      expect(process.env.PGHOST).toBe('127.0.0.1');
      const env = await (await fetch(target.url)).json();
      expect(Object.keys(env).filter((name) => name.startsWith('PG'))).toEqual([]);
      const client = new pg.Client({ connectionTimeoutMillis: 5000 });
      await client.connect().catch((error: Error) => console.log('the error is ' + ((error as { code?: string }).code ?? error.message)));
    });
    test('with the address of the fixture', async ({ postgres }) => {
      for (const settings of [postgres.url, { connectionString: postgres.url }]) {
        const client = new pg.Client(settings);
        await client.connect();
        expect((await client.query('SELECT current_database() AS name')).rows).toEqual([{ name: 'app' }]);
        await client.end();
      }
    });
  `,
};

/** A database on the loopback of the machine, as far as a client can tell before it has connected. */
async function ownDatabase(): Promise<{ readonly port: number; readonly connections: () => number }> {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.destroy();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { port: (server.address() as AddressInfo).port, connections: () => connections };
}

const canSandbox = (await detectNamespace({ signal: AbortSignal.timeout(10_000) })).available;

test.each(canSandbox ? ['off', 'on'] : ['off'])(
  'a client without an address, where the sandbox is %s',
  async (sandbox) => {
    const { port, connections } = await ownDatabase();
    const project = createProject({
      ...FILES,
      'chaos.yaml': `runner: { workers: 1, retries: 0 }\nnetwork: { sandbox: ${sandbox} }\ntarget: { command: [node, target.mjs], env: { PORT: '{port}' } }\n`,
    });
    const { code, output } = await runChaos(project, ['run'], { env: { PGHOST: '127.0.0.1', PGPORT: String(port) } });
    expect(code, output).toBe(0);
    // In a sandbox the loopback is the slot's own.
    expect(connections()).toBe(sandbox === 'on' ? 0 : 1);
    if (sandbox === 'on') expect(output).toContain('the error is ECONNREFUSED');
  },
);
