import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testsByTitle, type JsonReport } from './support/json-report.ts';
import { OWN_DEPENDENCY, ownDependencyFiles } from './support/own-dependency.ts';
import { createProject, type Project } from './support/project.ts';
import { runChaos, type ChaosResult } from './support/run-chaos.ts';

// Tells its clients where it is, as a Kafka broker does; it counts, and can be told to be rude.
const BROKER = `
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Broker extends AsyncDisposable {
  readonly port: number;
  count: number;
  rude: boolean;
  ready(): Promise<void>;
  snapshot(): Promise<void>;
  reset(): Promise<void>;
}

export default {
  name: 'broker',
  title: 'Broker',
  protocols: { 'http:': 80 },
  placeholders: ['topic'],
  prepare: async () => process.pid,
  async start({ takePort, linkEndpoint, prepared }: any): Promise<Broker> {
    const { host, port } = await linkEndpoint();
    const server: Server = createServer((request, response) => {
      if (broker.rude) return void response.writeHead(500).end();
      if (request.url === '/where') return void response.end(JSON.stringify({ host, port }));
      response.end(JSON.stringify({ count: ++broker.count, prepared: prepared !== process.pid, port: request.socket.localPort }));
    }).listen(await takePort('broker'), '127.0.0.1');
    await once(server, 'listening');
    let remembered = 0;
    const broker: Broker = {
      port: (server.address() as AddressInfo).port,
      count: 0,
      rude: false,
      ready: async () => { if (broker.rude) throw new Error('the broker is rude'); },
      snapshot: async () => void (remembered = broker.count),
      reset: async () => void (broker.count = remembered),
      [Symbol.asyncDispose]: async () => { server.closeAllConnections(); await new Promise((done) => server.close(done)); },
    };
    return broker;
  },
  address: ({ port }: Broker) => ({ url: \`http://127.0.0.1:\${port}/\`, topic: 'orders' }),
  faults: {
    rude: (broker: Broker) => ({
      name: 'rude',
      inject: async () => {
        broker.rude = true;
        const heal = async (): Promise<void> => void (broker.rude = false);
        return { heal, [Symbol.asyncDispose]: heal };
      },
    }),
  },
  methods: { count: async (broker: Broker) => broker.count },
};
`;

// Asks the broker for its address, and connects to that.
const SERVER = `
import { createServer } from 'node:http';
const ask = async (url) => {
  const response = await fetch(url, { headers: { connection: 'close' }, signal: AbortSignal.timeout(2000) });
  if (!response.ok) throw new Error('broker ' + response.status);
  return response.json();
};
createServer(async (request, response) => {
  if (request.url === '/ready') return response.end();
  try {
    const { host, port } = await ask('http://' + process.env.BROKER + '/where');
    response.end(JSON.stringify({ ...(await ask('http://' + host + ':' + port + '/')), topic: process.env.TOPIC, at: port }));
  } catch (error) {
    response.writeHead(503).end(String(error.cause?.code ?? error.message));
  }
}).listen(Number(process.env.PORT), '127.0.0.1');
`;

const DRIVER = `
export default {
  seed: async ({ urls, brokerUrl }) => {
    if (urls.broker !== brokerUrl) throw new Error('no direct URL');
    await fetch(urls.broker);
  },
  operations: {
    count: async ({ url }) => {
      const response = await fetch(url);
      return response.ok ? response.json() : response.text();
    },
  },
};
`;

const YAML = `
services:
  broker: { definition: services/broker.ts }
target:
  command: [node, server.mjs]
  env: { PORT: '{port}', BROKER: '{broker.host}:{broker.port}', TOPIC: '{broker.topic}' }
  driver: driver.mjs
`;

function project(files: Readonly<Record<string, string>>, yaml: string = YAML): Project {
  return createProject({
    'chaos.yaml': yaml,
    'services/broker.ts': BROKER,
    'server.mjs': SERVER,
    'driver.mjs': DRIVER,
    ...files,
  });
}

describe('a service that we do not ship', () => {
  it('is started, told where its link is, broken behind it, and reset', async () => {
    const file = `
      import { test, expect } from '@chaos/test';
      test('reached by the link that it was told of', async ({ target }) => {
        const { at, port, ...rest } = await target.count();
        expect(rest).toEqual({ count: 2, prepared: expect.any(Boolean), topic: 'orders' });
        expect(at).not.toBe(port);
      });
      test('was reset to what the driver has seeded', async ({ target }) => {
        expect((await target.count()).count).toBe(2);
      });
      test('cut off', async ({ target, link, inject }) => {
        const cut = await inject(link('target', 'broker').cut());
        expect(await target.count()).toBe('ECONNREFUSED');
        await cut.heal();
        expect((await target.count()).count).toBe(2);
      });
      test('has no link of another name', async ({ link }) => {
        expect(() => link('target', 'brocker')).toThrow('client→target, target→broker');
      });
    `;
    const { code, output, report } = await runChaos(project({ 'a.chaos.ts': file }), [
      '--retries',
      '0',
      '--workers',
      '1',
    ]);
    expect(code, output).toBe(0);
    expect([...testsByTitle(report()).values()].map(({ status }) => status)).toEqual(Array(4).fill('expected'));
  });

  it('stands in the configuration, and in the doctor’s report', async () => {
    const own = project({});
    const config = JSON.parse((await runChaos(own, ['config', '--json'])).stdout()) as Record<
      string,
      { value: unknown; source: string }
    >;
    expect(config['services.broker.definition']).toMatchObject({
      value: own.file('services/broker.ts'),
      source: 'chaos.yaml:3:25',
    });
    expect(config['services.broker.startTimeoutMs']?.value).toBe(30_000);
    const { checks } = JSON.parse((await runChaos(own, ['doctor', '--json'])).stdout()) as {
      checks: { name: string }[];
    };
    expect(checks.find(({ name }) => name === 'Broker')).toEqual({
      name: 'Broker',
      status: 'ok',
      detail: expect.stringMatching(/^started and ready in \d+ ms$/),
    });
  });

  it('that nobody has defined is a usage error with the name that was meant', async () => {
    const { code, output } = await runChaos(project({}, YAML.replace('{broker.host}', '{brokr.host}')), []);
    expect([code, output]).toEqual([2, expect.stringContaining('Did you mean "{broker.host}"?')]);
    const unknown = await runChaos(project({}, 'services: { redi: {} }\n'), []);
    expect([unknown.code, unknown.output]).toEqual([
      2,
      expect.stringMatching(/names of your own with a `definition`\. Did you mean "redis"\?/),
    ]);
    const broken = await runChaos(project({ 'services/broker.ts': 'export default {};' }), []);
    expect([broken.code, broken.output]).toEqual([
      2,
      expect.stringContaining('chaos.yaml:3:25: Cannot use services.broker.definition'),
    ]);
  });
});

it('may be required, with what its definition finds out; a name that nobody defines is an error at load', async () => {
  const lacking = BROKER.replace(
    'faults:',
    "capability: { name: 'broker', detect: async () => ({ available: false, reason: 'no broker today', fix: 'Come tomorrow.' }) },\n  faults:",
  );
  const requiring = (name: string): string =>
    `import { test } from '@chaos/test'; test('a', { requires: ['${name}'] }, () => { throw new Error('ran'); });`;
  const own = (name: string): Project => project({ 'services/broker.ts': lacking, 'a.chaos.ts': requiring(name) });
  const skipped = await runChaos(own('broker'), []);
  expect(skipped.code, skipped.output).toBe(0);
  expect(skipped.output).toContain('requires broker: no broker today (Come tomorrow.)');
  const unknown = await runChaos(own('brokr'), []);
  expect([unknown.code, unknown.output]).toEqual([2, expect.stringContaining('did you mean "broker"?')]);
});

it.each([
  [
    'throws',
    BROKER.replace('await linkEndpoint();', "await linkEndpoint(); if (port) throw new Error('no licence');"),
    3,
    'Cannot start the service broker: no licence',
  ],
  [
    'has no URL',
    BROKER.replace('url: `http', 'uri: `http'),
    2,
    'Cannot use the service broker: the url of its address is undefined, a URL is needed',
  ],
  [
    'never gets to its snapshot',
    BROKER.replace('snapshot: async () => void (remembered = broker.count)', 'snapshot: () => new Promise(() => {})'),
    3,
    'Cannot wait for snapshot() of the service broker any longer: it has not ended within',
  ],
])('one that %s is told by its name', async (_, broker, exitCode, message) => {
  expect(broker).not.toBe(BROKER);
  const file = `import { test } from '@chaos/test'; test('a', ({ target }) => void target);`;
  const yaml = YAML.replace('broker.ts }', 'broker.ts, start_timeout_ms: 500 }');
  const { code, output } = await runChaos(project({ 'services/broker.ts': broker, 'a.chaos.ts': file }, yaml), []);
  expect([code, output]).toEqual([exitCode, expect.stringContaining(message)]);
});

const OUTAGE = 'notes are read while the cache is out of reach';
const HANGING = 'a cache that hangs costs its time-out, and no request';
const COLD = 'a cold cache fills again, over a slow link, too';

/** Runs a copy of the example, as a user who took it over would; one slot, so that each test needs the reset before. */
function runExample(args: readonly string[]): Promise<ChaosResult> {
  const copy = createProject(ownDependencyFiles(), join(OWN_DEPENDENCY, 'node_modules'));
  return runChaos(copy, ['--retries', '0', '--workers', '1', '--request-timeout', '2000', ...args]);
}

/** Titles by outcome; a machine without Memcached and without apt skips them all. */
function outcomes(report: JsonReport, skip: (reason: string) => never): Readonly<Record<string, string>> {
  const tests = [...testsByTitle(report)];
  const skipped = tests.find(([, { status }]) => status === 'skipped');
  if (skipped) skip(JSON.stringify(skipped[1].annotations));
  return Object.fromEntries(tests.map(([title, { status }]) => [title, status]));
}

describe('the example: Memcached', () => {
  it('is broken by faults of its own and of its link, and reset', { timeout: 240_000 }, async ({ skip }) => {
    const { code, output, report } = await runExample([]);
    expect(outcomes(report(), skip)).toEqual({ [OUTAGE]: 'expected', [HANGING]: 'expected', [COLD]: 'expected' });
    expect(code, output).toBe(0);
  });

  it.for([
    ['cache-is-required', [OUTAGE, HANGING]],
    ['no-cache-timeout', [HANGING]],
  ] as const)('finds the bug %s', { timeout: 240_000 }, async ([variant, titles], { skip }) => {
    const { code, output, report } = await runExample(['--variant', variant, '--grep', `${OUTAGE}|${HANGING}`]);
    const found = outcomes(report(), skip);
    expect(Object.keys(found).filter((title) => found[title] === 'unexpected')).toEqual(titles);
    expect(code, output).toBe(1);
  });

  it('says by its faults’ names what was broken', { timeout: 240_000 }, async ({ skip }) => {
    const { report } = await runExample(['--grep', COLD]);
    outcomes(report(), skip);
    const { results } = testsByTitle(report()).get(COLD) ?? {};
    expect(JSON.stringify(results?.[0])).toContain('memcached evicts all');
  });
});
