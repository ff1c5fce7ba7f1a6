import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isChaosError, type ResolvedConfig } from '@chaos/spec';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resolveConfig, type ResolveConfigOptions } from '../../resolve-config.js';
import { SHIPPED } from '../../shipped.test.fixture.js';

const QUEUE = {
  name: 'queue',
  title: 'Queue',
  protocols: { 'queue:': 4222 },
  placeholders: ['token'],
  start: async () => undefined,
};

let cwd = '';
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'chaos-config-'));
  mkdirSync(join(cwd, 'services'));
  writeFileSync(join(cwd, 'services', 'queue.ts'), '');
});
afterEach(() => rmSync(cwd, { recursive: true }));

function resolve(
  yaml: string,
  value: unknown = QUEUE,
  more: Partial<ResolveConfigOptions> = {},
): Promise<ResolvedConfig> {
  writeFileSync(join(cwd, 'chaos.yaml'), yaml);
  return resolveConfig({
    cwd,
    env: {},
    overrides: {},
    hardware: { usableCpus: 2, usableMemoryBytes: 2 ** 32 },
    ci: false,
    services: SHIPPED,
    loadDefinition: async () => value,
    ...more,
  });
}

async function problemsOf(yaml: string, value?: unknown): Promise<readonly string[]> {
  const error: unknown = await resolve(yaml, value).catch((reason: unknown) => reason);
  if (!isChaosError(error, 'USAGE')) throw new Error('no UsageError was thrown', { cause: error });
  return error.data['problems'] as readonly string[];
}

describe('a service of one’s own', () => {
  it('has settings, defaults, placeholders and a place among the target’s services', async () => {
    const config = await resolve(
      'services: { queue: { definition: services/queue.ts, start_timeout_ms: 5 } }\n' +
        'target: { command: [node, a.mjs, "{queue.host}:{queue.port}"], env: { TOKEN: "{queue.token}", DB: "{postgres.url}" } }\n',
    );
    expect(config.services['queue']).toEqual({
      definition: join(cwd, 'services', 'queue.ts'),
      url: undefined,
      startTimeoutMs: 5,
    });
    expect(config.services['postgres']).toEqual({ url: undefined, startTimeoutMs: 30_000 });
    expect(config.target.services).toEqual(['postgres', 'queue']);
    expect(config.provenance['services.queue.definition']).toMatchObject({ source: 'chaos.yaml:1:34' });
  });

  it('is named in chaos.config.ts, too', async () => {
    const configModule = {
      file: join(cwd, 'chaos.config.ts'),
      value: { services: { queue: { definition: './services/queue.ts', url: 'queue://h/' } } },
    };
    const { services } = await resolve('{}\n', { ...QUEUE, use: async () => undefined }, { configModule });
    expect(services['queue']).toMatchObject({ url: 'queue://h/', startTimeoutMs: 30_000 });
  });

  it.each([
    ['services/queu.ts', QUEUE, 'there is no such file or package'],
    ['services/queue.ts', 7, 'its default export is number, not made by defineService()'],
    ['services/queue.ts', { name: 'queue' }, 'its default export is an object without start(), not made'],
    ['services/queue.ts', { ...QUEUE, name: 'jobs' }, 'it defines "jobs": call it services.jobs'],
    ['services/queue.ts', { ...QUEUE, protocols: ['queue'] }, 'its protocols are no map'],
    ['services/queue.ts', { ...QUEUE, placeholders: ['a b'] }, 'its placeholders are no list of words'],
  ])('says what is wrong with %s (%j)', async (definition, value, message) => {
    const problems = await problemsOf(`services: { queue: { definition: ${definition}, url: queue://h/ } }\n`, value);
    expect(problems).toEqual([
      expect.stringMatching(/^chaos\.yaml:1:34: Cannot use services\.queue\.definition: current value is "services/),
    ]);
    expect(problems[0]).toContain(message);
  });

  it('tells where loading it failed', async () => {
    const loadDefinition = (): Promise<never> => Promise.reject(new Error('Unexpected token'));
    const refused = resolve('services: { queue: { definition: services/queue.ts } }\n', QUEUE, { loadDefinition });
    await expect(refused).rejects.toThrow(
      'services.queue.definition: current value is "services/queue.ts", loading it failed: Unexpected token',
    );
  });

  it('has no url where its definition can use none, and a name that is no other end of a link', async () => {
    expect(await problemsOf('services: { queue: { definition: services/queue.ts, url: queue://h/ } }\n')).toEqual([
      expect.stringContaining(
        'Cannot use services.queue.url: current value is "queue://h/", but there is no such key; allowed are definition, start_timeout_ms',
      ),
    ]);
    for (const name of ['client', 'dns', 'my_queue', 'Queue'])
      expect((await problemsOf(`services: { ${name}: { definition: services/queue.ts } }\n`))[0]).toContain(
        'has to be lower case letters and digits, and none of client, target, links, dns',
      );
  });

  it('is asked for where a name is not known', async () => {
    expect(await problemsOf('services: { postgre: { start_timeout_ms: 5 } }\n')).toEqual([
      'chaos.yaml:1:13: Cannot use services.postgre: current value is {"start_timeout_ms":5}, but there is no such key; allowed are postgres, redis, jwks, and names of your own with a `definition`. Did you mean "postgres"?',
    ]);
    expect(await problemsOf('target: { command: [a, "{queue.url}"] }\n')).toEqual([
      expect.stringContaining('{queue.url} is no placeholder'),
    ]);
  });

  it('cannot take the place of one that ships with chaos', async () => {
    expect(await problemsOf('services: { redis: { definition: services/queue.ts } }\n')).toEqual([
      expect.stringContaining(
        'services.redis.definition: current value is "services/queue.ts", but there is no such key; allowed are url, start_timeout_ms',
      ),
    ]);
  });
});
