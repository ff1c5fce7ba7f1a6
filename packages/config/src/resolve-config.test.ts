import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isChaosError, UsageError, type ResolvedConfig } from '@chaos/spec';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SHIPPED, loadNothing } from './shipped.test.fixture.js';
import { resolveConfig, type ResolveConfigOptions } from './resolve-config.js';

const GIB = 2 ** 30;
const LOW = { usableCpus: 2, usableMemoryBytes: 4 * GIB };
const MEDIUM = { usableCpus: 4, usableMemoryBytes: 8 * GIB };
const HIGH = { usableCpus: 16, usableMemoryBytes: 64 * GIB };

let cwd = '';
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'chaos-config-'));
});
afterEach(() => {
  rmSync(cwd, { recursive: true });
});

function write(text: string, file = 'chaos.yaml'): void {
  writeFileSync(join(cwd, file), text);
}

function resolve(options: Partial<ResolveConfigOptions> = {}): Promise<ResolvedConfig> {
  return resolveConfig({
    cwd,
    env: {},
    overrides: {},
    hardware: MEDIUM,
    ci: false,
    services: SHIPPED,
    loadDefinition: loadNothing,
    ...options,
  });
}

async function problemsOf(options: Partial<ResolveConfigOptions> = {}): Promise<readonly string[]> {
  const error = await resolve(options).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isChaosError(error, 'USAGE')) throw new Error('no UsageError was thrown', { cause: error });
  return error.data['problems'] as readonly string[];
}

describe('resolveConfig() without a file', () => {
  it.each([
    ['ci', 50, 10_000, 10, 3, 80, 70],
    ['local-development', 100, 5000, 10, 3, 85, 75],
    ['production-validation', 500, 2000, 5, 5, 95, 90],
  ])(
    'has the defaults of %s',
    async (environment, concurrentRequests, timeoutMs, connectionPoolSize, retryAttempts, target, acceptable) => {
      const config = await resolve({ environment });
      expect(config).toMatchObject({
        environment,
        profile: 'medium',
        loadMultiplier: 1,
        deadlineFactor: 1,
        concurrentRequests,
        timeoutMs,
        connectionPoolSize,
        retryAttempts,
      });
      expect(config.passRates).toEqual({ target, acceptable });
      expect(config.runner.retries.count).toBe(retryAttempts);
    },
  );

  it('scales requests and time-outs to the machine, and nothing else', async () => {
    expect(await resolve({ environment: 'ci', hardware: LOW })).toMatchObject({
      loadMultiplier: 0.5,
      concurrentRequests: 25,
      timeoutMs: 20_000,
      connectionPoolSize: 10,
      retryAttempts: 3,
      iterations: 30,
    });
    expect(await resolve({ environment: 'ci', hardware: HIGH })).toMatchObject({
      loadMultiplier: 2,
      concurrentRequests: 100,
      timeoutMs: 5000,
      connectionPoolSize: 10,
    });
  });

  it('keeps time-outs within a factor of 4 and at least one request', async () => {
    expect(await resolve({ environment: 'ci', env: { CHAOS_LOAD_MULTIPLIER: '0.001' } })).toMatchObject({
      concurrentRequests: 1,
      timeoutMs: 40_000,
    });
    expect(await resolve({ environment: 'ci', env: { CHAOS_LOAD_MULTIPLIER: '100' } })).toMatchObject({
      concurrentRequests: 5000,
      timeoutMs: 2500,
    });
  });

  it('asks less of local development on small machines', async () => {
    expect((await resolve({ hardware: HIGH })).passRates).toEqual({ target: 90, acceptable: 80 });
    expect((await resolve({ hardware: LOW })).passRates).toEqual({ target: 85, acceptable: 75 });
  });

  it('selects the environment: option, variable, CI, local', async () => {
    const env = { CHAOS_ENVIRONMENT: 'production-validation' };
    expect((await resolve({ environment: 'ci', env })).environment).toBe('ci');
    expect((await resolve({ env, ci: true })).environment).toBe('production-validation');
    expect((await resolve({ ci: true })).environment).toBe('ci');
    expect((await resolve()).environment).toBe('local-development');
  });

  it('derives workers from the usable CPUs', async () => {
    const workersOf = async (usableCpus: number, workers?: string): Promise<number> =>
      (
        await resolve({
          hardware: { usableCpus, usableMemoryBytes: GIB },
          overrides: workers === undefined ? {} : { workers },
        })
      ).runner.workers;
    expect([
      await workersOf(0.5),
      await workersOf(2.9),
      await workersOf(64),
      await workersOf(64, '50%'),
      await workersOf(1, '50%'),
      await workersOf(1, '7'),
    ]).toEqual([1, 2, 4, 32, 1, 7]);
  });

  it('draws a new seed for each run', async () => {
    const [first, second] = [await resolve(), await resolve()];
    expect(first.runner.seed).toMatch(/^[0-9a-f]{16}$/);
    expect(first.runner.seed).not.toBe(second.runner.seed);
  });
});

describe('resolveConfig() with files', () => {
  it('loads a file of an earlier generation unchanged', async () => {
    write(`# Chaos configuration
environments:
  ci:   # GitHub
    concurrent_requests: 50
    timeout_seconds: 10
    connection_pool_size: 10
    retry_attempts: 3
  local-development:
    concurrent_requests: 80   # was 100
    timeout_seconds: 2.5
    connection_pool_size: 7
    retry_attempts: 1

# by machine
hardware_profiles:
  low:
    load_multiplier: 0.5
  medium:
    load_multiplier: 1.5
  high:
    load_multiplier: 2.0
`);
    const config = await resolve();
    expect(config).toMatchObject({
      concurrentRequests: 120,
      timeoutMs: 1667,
      connectionPoolSize: 7,
      retryAttempts: 1,
      iterations: 50,
      loadMultiplier: 1.5,
    });
    expect(config.provenance['connectionPoolSize']).toEqual({ layer: 'chaos.yaml', source: 'chaos.yaml:11:27' });
    expect(config.provenance['concurrentRequests']?.source).toBe('chaos.yaml:9:26, 80 × 1.5');
    expect(config.provenance['iterations']).toEqual({ layer: 'default', source: 'default' });
    expect(config.provenance['loadMultiplier']?.source).toBe('chaos.yaml:19:22');
  });

  it('ranks command line > variable > chaos.config.ts > chaos.yaml > chaos.tuned.yaml > default', async () => {
    const count = async (options: Partial<ResolveConfigOptions>): Promise<string> => {
      const config = await resolve(options);
      return `${config.runner.seed} ${config.provenance['runner.seed']?.layer}`;
    };
    write('runner: { seed: tuned }\n', 'chaos.tuned.yaml');
    expect(await count({})).toBe('tuned chaos.tuned.yaml');
    write('runner: { seed: yaml }\n');
    expect(await count({})).toBe('yaml chaos.yaml');
    const configModule = { file: join(cwd, 'chaos.config.ts'), value: { runner: { seed: 'code' } } };
    expect(await count({ configModule })).toBe('code chaos.config.ts');
    const env = { CHAOS_SEED: '0042' };
    expect(await count({ configModule, env })).toBe('0042 environment variable');
    expect(await count({ configModule, env, overrides: { seed: 'typed' } })).toBe('typed command line');
  });

  it('ranks multipliers: variable > tuned > table > formula', async () => {
    const hardware = { usableCpus: 6, usableMemoryBytes: 32 * GIB };
    write('hardware_profiles: {}\n');
    expect(await resolve({ hardware })).toMatchObject({ profile: 'medium', loadMultiplier: 4 });
    write('hardware_profiles: { medium: { load_multiplier: 3 } }\n');
    expect((await resolve({ hardware })).loadMultiplier).toBe(3);
    write('hardware_profiles: { medium: { load_multiplier: 1.25 } }\n', 'chaos.tuned.yaml');
    expect((await resolve({ hardware })).loadMultiplier).toBe(1.25);
    expect((await resolve({ hardware, env: { CHAOS_LOAD_MULTIPLIER: '0.75' } })).loadMultiplier).toBe(0.75);
  });

  it('takes overrides as they are', async () => {
    const config = await resolve({
      hardware: LOW,
      env: { CHAOS_TIMEOUT: '7', CHAOS_POOL_SIZE: '3' },
      overrides: { concurrentRequests: '33', retries: 0, timeoutMs: '1500' },
    });
    expect(config).toMatchObject({ timeoutMs: 7000, connectionPoolSize: 3, concurrentRequests: 33, retryAttempts: 3 });
    expect(config.runner).toMatchObject({ testTimeoutMs: 1500, retries: { count: 0 } });
    expect(config.provenance['timeoutMs']).toEqual({ layer: 'environment variable', source: 'CHAOS_TIMEOUT' });
    expect(config.provenance['concurrentRequests']).toEqual({ layer: 'command line', source: '--concurrency' });
  });

  it('treats empty variables and sections of comments as not there', async () => {
    write('environments:\n  ci:\n  # nothing yet\nrunner:\n  # workers: 3\n');
    expect(await resolve({ ci: true, env: { CHAOS_WORKERS: '', CHAOS_TIMEOUT: ' ' } })).toMatchObject({
      concurrentRequests: 50,
      timeoutMs: 10_000,
    });
    write('');
    expect((await resolve()).concurrentRequests).toBe(100);
  });

  it('lets an environment of the user’s own fall back to local development', async () => {
    write(
      'environments: { staging: { concurrent_requests: 7 } }\npass_rates: { staging: { target: 60, acceptable: 50 } }\n',
    );
    expect(await resolve({ environment: 'staging' })).toMatchObject({
      concurrentRequests: 7,
      timeoutMs: 5000,
      passRates: { target: 60, acceptable: 50 },
    });
  });

  it('resolves anchors and merge keys', async () => {
    write(
      'environments:\n  ci: &base { concurrent_requests: 7, timeout_seconds: 3 }\n  local-development:\n    <<: *base\n    concurrent_requests: 9\n',
    );
    expect(await resolve()).toMatchObject({ concurrentRequests: 9, timeoutMs: 3000 });
  });

  it('finds variants by their files, beside those that are listed', async () => {
    mkdirSync(join(cwd, 'bugs', 'late'), { recursive: true });
    for (const file of ['bugs/b.mjs', 'bugs/a.mjs', 'bugs/a.test.mjs', 'bugs/readme.md', 'bugs/late/c.mjs'])
      write('', file);
    write(
      `target:
  command: node server.js
  variants:
    from: { files: bugs/*.mjs, env: { NODE_OPTIONS: '--import {variant.file}', BUG: '{variant} on {port}' } }
    b: { BUG: other }
`,
    );
    const { target, provenance } = await resolve();
    expect(target.variants).toEqual({
      a: { NODE_OPTIONS: `--import ${join(cwd, 'bugs/a.mjs')}`, BUG: 'a on {port}' },
      b: { BUG: 'other' },
    });
    expect(provenance['target.variants.a.BUG']?.source).toBe('chaos.yaml:4:11');
  });

  it('refuses a driver that is not there, and says which file is nearly called so', async () => {
    mkdirSync(join(cwd, 'chaos'));
    write('', 'chaos/driver.ts');
    for (const [written, guess] of [
      ['chaos/drivr.ts', '. Did you mean "chaos/driver.ts"?'],
      ['chaos/driver.mjs', '. Did you mean "chaos/driver.ts"?'],
      ['chaos/other.ts', ''],
      ['elsewhere/driver.ts', ''],
    ]) {
      write(`target:\n  command: node server.js\n  driver: ${written}\n`);
      expect(await problemsOf()).toEqual([
        `chaos.yaml:3:11: Cannot use target.driver: current value is "${written}", but there is no file ${join(cwd, written ?? '')}${guess}`,
      ]);
    }
    for (const written of ['chaos/driver.ts', 'chaos/driver.js', 'chaos/driver']) {
      write(`target:\n  command: node server.js\n  driver: ${written}\n`);
      expect((await resolve()).target.driver).toBe(join(cwd, written));
    }
  });

  it('finds the file above the working folder, and paths relative to it', async () => {
    const text =
      'target: { command: node server.js --name "a b", cwd: service, driver: ./driver.js, env: { PORT: 1, URL: "{postgres.url}/{port}" }, variants: { bad: { CACHE: "{redis.url}", ON: true } } }\n';
    write(text);
    write('', 'driver.ts');
    const below = join(cwd, 'suites', 'auth');
    mkdirSync(below, { recursive: true });
    const config = await resolve({ cwd: below });
    expect(config.rootDir).toBe(cwd);
    expect(config.target).toEqual({
      command: ['node', 'server.js', '--name', 'a b'],
      cwd: join(cwd, 'service'),
      env: { PORT: '1', URL: '{postgres.url}/{port}' },
      ready: { path: '/ready', timeoutMs: 30_000 },
      restart: 'on-fault',
      driver: join(cwd, 'driver.js'),
      variants: { bad: { CACHE: '{redis.url}', ON: 'true' } },
      services: ['postgres', 'redis'],
    });
    expect(config.runner.outputDir).toBe(join(cwd, 'chaos-results'));
    expect(config.provenance['target.env.URL']?.source).toBe(`../../chaos.yaml:1:${text.indexOf('"{postgres') + 1}`);
    expect((await resolve({ cwd: below, overrides: { output: 'here' } })).runner.outputDir).toBe(join(below, 'here'));
  });

  it('merges variables of the target over all layers', async () => {
    write('target: { env: { A: yaml, B: yaml } }\n');
    const configModule = {
      file: join(cwd, 'chaos.config.ts'),
      value: {
        target: { env: { B: 'code', camelCase: 'kept' }, ready: { timeoutMs: 5 } },
        environments: { ci: { concurrentRequests: 3 } },
      },
    };
    const { target, concurrentRequests } = await resolve({ configModule, environment: 'ci' });
    expect(target.env).toEqual({ A: 'yaml', B: 'code', camelCase: 'kept' });
    expect([target.ready.timeoutMs, concurrentRequests]).toEqual([5, 3]);
  });
});

describe('resolveConfig() refuses', () => {
  it('everything that is wrong at once, each with its place, value, what is allowed and what was meant', async () => {
    write(`environments:
  ci:
    concurent_requests: 5
    timeout_seconds: fast
    connection_pool_size: 0
    retry_attempts: 1.5
monitor:
  policy: anotate
  interval_ms:
runer: {}
services: { postgres: { url: mysql://u:secret@h/d } }
hardware_profiles: [1]
`);
    expect(
      await problemsOf({ env: { CHAOS_WORKERS: 'many', CHAOS_TIMEOUT: '10s' }, overrides: { retries: -1 } }),
    ).toEqual([
      'Cannot use --retries: current value is -1, allowed is a whole number from 0 to 100',
      'Cannot use CHAOS_TIMEOUT: current value is "10s", allowed is a number from 0.001 to 86400',
      'Cannot use CHAOS_WORKERS: current value is "many", allowed is a whole number ≥ 1, or a percentage of the usable CPUs such as 50%',
      'chaos.yaml:3:5: Cannot use environments.ci.concurent_requests: current value is 5, but there is no such key; allowed are concurrent_requests, timeout_seconds, connection_pool_size, retry_attempts, iterations, data_rows, cache_ttl_ms, jitter_ms, warmup_operations. Did you mean "concurrent_requests"?',
      'chaos.yaml:4:22: Cannot use environments.ci.timeout_seconds: current value is "fast", allowed is a number from 0.001 to 86400',
      'chaos.yaml:5:27: Cannot use environments.ci.connection_pool_size: current value is 0, allowed is a whole number from 1 to 10000',
      'chaos.yaml:6:21: Cannot use environments.ci.retry_attempts: current value is 1.5, allowed is a whole number from 0 to 100',
      'chaos.yaml:8:11: Cannot use monitor.policy: current value is "anotate", allowed is one of annotate, fail, ignore. Did you mean "annotate"?',
      'chaos.yaml:9:3: Cannot use monitor.interval_ms: current value is null, allowed is a whole number from 50 to 60000',
      'chaos.yaml:10:1: Cannot use runer: current value is {}, but there is no such key; allowed are environments, hardware_profiles, pass_rates, monitor, services, dependencies, target, targets, network, runner, projects, secret, metadata. Did you mean "runner"?',
      'chaos.yaml:11:30: Cannot use services.postgres.url: current value is "mysql://u:***@h/d", allowed is a URL with postgres:// or postgresql://',
      'chaos.yaml:12:20: Cannot use hardware_profiles: current value is [1], allowed is a map',
    ]);
  });

  it('with a UsageError that shows the problems', async () => {
    write('runner: { wokers: 2 }\n');
    await expect(resolve()).rejects.toThrow(UsageError);
    await expect(resolve()).rejects.toThrow(
      /^Cannot use the configuration: 1 problem\n {2}chaos\.yaml:1:11: .*Did you mean "workers"\?$/,
    );
  });

  it('broken YAML, with the place', async () => {
    write('runner:\n  workers: [1\nmonitor: {}\n');
    expect((await problemsOf())[0]).toMatch(/^chaos\.yaml:\d:\d+: Cannot parse YAML: /);
    write('runner: {}\nrunner: {}\n');
    expect(await problemsOf()).toEqual([
      'chaos.yaml:2:1: Cannot parse YAML: the key "runner" stands here a second time',
    ]);
    write('- 1\n');
    expect(await problemsOf()).toEqual(['chaos.yaml:1:1: Cannot use the file: current value is [1], allowed is a map']);
  });

  it('a file that is not there', async () => {
    expect(await problemsOf({ configFile: 'other.yaml' })).toEqual([
      'other.yaml: Cannot read the configuration file: there is no such file',
    ]);
    expect((await problemsOf({ configFile: '.' }))[0]).toContain('EISDIR');
  });

  it('an unknown environment', async () => {
    expect(await problemsOf({ environment: 'local-devel' })).toEqual([
      'Cannot use --environment: current value is "local-devel", allowed is one of ci, local-development, production-validation. Did you mean "local-development"?',
    ]);
    expect((await problemsOf({ env: { CHAOS_ENVIRONMENT: 'cl' } }))[0]).toMatch(
      /^Cannot use CHAOS_ENVIRONMENT: current value is "cl".* Did you mean "ci"\?$/,
    );
  });

  it('unknown placeholders, but not JSON', async () => {
    write(
      'target:\n  command: ["node", "{prot}"]\n  env: { A: "{postgres.uri}", B: \'{"a":1} {}\' }\n  variants: { v: { C: "{nothing}" } }\n',
    );
    const problems = await problemsOf();
    expect(problems).toHaveLength(3);
    expect(problems[0]).toMatch(
      /^chaos\.yaml:2:12: Cannot use target\.command: .*\{prot\} is no placeholder.* Did you mean "\{port\}"\?$/,
    );
    expect(problems[1]).toMatch(/^chaos\.yaml:3:13: .*\{postgres\.uri\}.* Did you mean "\{postgres\.url\}"\?$/);
    expect(problems[2]).toMatch(/^chaos\.yaml:4:23: Cannot use target\.variants\.v\.C: current value is "\{nothing\}"/);
  });

  it('files of variants that are none, or say nothing', async () => {
    mkdirSync(join(cwd, 'one', 'b'), { recursive: true });
    mkdirSync(join(cwd, 'one', 'c'));
    write('', 'one/b/x.ts');
    write('', 'one/c/x.ts');
    const from = async (text: string): Promise<readonly string[]> => {
      write(`target:\n  variants:\n    from: ${text}\n`);
      return problemsOf();
    };
    expect(await from('{ files: none/*.ts, env: { BUG: "{variant}" } }')).toEqual([
      'chaos.yaml:3:20: Cannot use target.variants.from.files: current value is "none/*.ts", but there are no such files; a * stands for a name without dots',
    ]);
    expect((await from('{ files: one/b/*.ts, env: { BUG: yes } }'))[0]).toMatch(
      /^chaos\.yaml:3:20: .* holds \{variant\} or \{variant\.file\}: all variants would be the same$/,
    );
    expect((await from('{ env: { BUG: "{variant}" } }'))[0]).toMatch(/^chaos\.yaml:3:11: .*`files` is missing/);
    expect((await from('{ files: one/*/*.ts, env: { BUG: "{variant}" } }'))[0]).toContain(
      'two files are the variant "x"',
    );
    expect((await from('{ files: one/b, env: { BUG: "{variant}" } }'))[0]).toMatch(
      /^chaos\.yaml:3:20: .*a path with \*/,
    );
    expect((await from('{ files: one/b/*.ts, env: { BUG: "{varient}" } }'))[0]).toContain('Did you mean "{variant}"?');
    expect((await from('{ file: one/b/*.ts }'))[0]).toMatch(/^chaos\.yaml:3:13: .*Did you mean "files"\?$/);
  });

  it('a command with an open quote', async () => {
    write('target: { command: node "a }\n');
    expect((await problemsOf())[0]).toContain('every quote closed');
  });

  it('an acceptable pass rate above the target', async () => {
    write('pass_rates: { local-development: { acceptable: 86 } }\n');
    expect(await problemsOf()).toEqual([
      'chaos.yaml:1:48: Cannot use pass_rates.local-development.acceptable: current value is 86, allowed is at most target, 85 (default)',
    ]);
  });

  it('wrong keys of chaos.config.ts, in its own spelling', async () => {
    const configModule = {
      file: join(cwd, 'chaos.config.ts'),
      value: { runner: { testTimeout: 5 }, monitor: { intervalMs: 'x' } },
    };
    const problems = await problemsOf({ configModule });
    expect(problems[0]).toBe(
      'chaos.config.ts: Cannot use monitor.intervalMs: current value is "x", allowed is a whole number from 50 to 60000',
    );
    expect(problems[1]).toMatch(
      /^chaos\.config\.ts: Cannot use runner\.testTimeout: current value is 5, .*Did you mean "testTimeoutMs"\?$/,
    );
  });
});
