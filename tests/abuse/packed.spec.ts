import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { detectCapabilities, detectNamespace } from '@chaos/env';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testsByTitle } from '../support/json-report.ts';
import { foreignService } from '../support/foreign-service.ts';
import { ownDependencyFiles } from '../support/own-dependency.ts';
import { createProject } from '../support/project.ts';
import { HEAD } from '../support/run-tests.ts';
import { runChaos } from '../support/run-chaos.ts';
import { startChaos } from '../support/start-chaos.ts';
import { untilNothingIsLeft } from '../support/until-nothing-is-left.ts';

// The same as a user gets it: packages packed, installed outside of the repository, and run by the package manager's
// launcher.
const ROOT = join(import.meta.dirname, '..', '..');
const PACKAGES = join(ROOT, 'packages');
const PNPM = ['-y', 'pnpm@10'];
let folder: string;
let modules: string;

beforeAll(() => {
  folder = mkdtempSync('/tmp/black-box-packed-');
  const overrides: Record<string, string> = {};
  for (const path of [...readdirSync(PACKAGES).map((name) => join(PACKAGES, name)), join(ROOT, 'suites')]) {
    const name = basename(path);
    const manifest = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as {
      name: string;
      private?: boolean;
    };
    if (manifest.private) continue;
    const destination = join(folder, 'tarballs', name);
    mkdirSync(destination, { recursive: true });
    execFileSync('npx', [...PNPM, 'pack', '--pack-destination', destination], {
      cwd: path,
      stdio: 'pipe',
      // Packs as our scripts do: everything is built already, so `prepack` need not build each package.
      env: { ...process.env, CHAOS_PACKAGES_BUILT: '1' },
    });
    overrides[manifest.name] = `file:${join(destination, readdirSync(destination)[0] as string)}`;
  }
  const ours = ['@chaos/cli', '@chaos/suites', '@chaos/test'].map((name) => [name, overrides[name]]);
  const dependencies = { ...Object.fromEntries(ours), pg: '^8.23.1' };
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'packed', private: true, type: 'module', dependencies, pnpm: { overrides } }),
  );
  writeFileSync(join(folder, '.npmrc'), 'ignore-scripts=true\nprefer-offline=true\nlockfile=false\n');
  execFileSync('npx', [...PNPM, 'install', '--ignore-workspace'], {
    cwd: folder,
    stdio: 'pipe',
    env: { ...process.env, CI: 'true' },
  });
  modules = join(folder, 'node_modules');
}, 600_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const chaos = (...args: string[]): [string, ...string[]] => [
  join(modules, '.bin', 'chaos'),
  'run',
  '--retries',
  '0',
  '--workers',
  '1',
  ...args,
];

test('whatever a test does to its process is one result', async () => {
  const files = {
    'a.chaos.ts': `${HEAD}
      test('exits', () => process.exit(0));
      test('loops', () => { for (;;); });
      test('throws undefined', () => { throw undefined; });
      test('rejects', () => { void Promise.reject(new Error('nobody listens')); });
      test('leaks', () => { setInterval(() => {}, 1000); });
      test('last', () => { expect(1).toBe(1); });
    `,
  };
  const run = await runChaos(createProject(files, modules), [], { command: chaos('--timeout', '1500') });
  expect(run.code, run.output).toBe(1);
  const tests = testsByTitle(run.report());
  expect([...tests].map(([title, { status }]) => [title, status])).toEqual([
    ['exits', 'unexpected'],
    ['loops', 'unexpected'],
    ['throws undefined', 'unexpected'],
    ['rejects', 'unexpected'],
    ['leaks', 'expected'],
    ['last', 'expected'],
  ]);
  expect(tests.get('exits')?.results[0]?.errors[0]?.message).toMatch(/process\.exit\(0\) was called/);
  expect(tests.get('leaks')?.results[0]?.annotations?.[0]?.description).toMatch(
    /an interval of 1000 ms, opened at a\.chaos\.ts:\d+:/,
  );
  await untilNothingIsLeft(run.footprint);
});

test.each<[NodeJS.Signals, boolean]>([
  ['SIGTERM', true],
  ['SIGKILL', false],
])('%s to the script that started it leaves nothing', async (signal, reported) => {
  const run = startChaos(
    createProject({ 'a.chaos.ts': `${HEAD}test('loops', () => { mark('body'); for (;;); });` }, modules),
    [],
    { command: ['sh', '-c', `"${chaos()[0]}" run --timeout 600000; exit $?`] },
  );
  await run.marked('body');
  run.footprint.look();
  run.kill(signal);
  await run.exited;
  await untilNothingIsLeft(run.footprint);
  if (reported) expect(testsByTitle(run.report()).get('loops')?.results[0]?.status).toBe('interrupted');
});

// Features that users rely on every day, in one project: TypeScript beyond erasable types, CommonJS, projects, retries.
const SHOP: Readonly<Record<string, string>> = {
  'tsconfig.json': '{ "compilerOptions": { "experimentalDecorators": true, "paths": { "@lib/*": ["./lib/*"] } } }',
  'chaos.config.ts': `
    import { defineConfig } from '@chaos/test';
    export default defineConfig({
      retries: { count: 1, delayMs: 0 }, workers: 2, use: { region: 'eu' },
      projects: [
        { name: 'prepare', testMatch: /prepare\\.chaos/, teardown: 'clean', retries: 0 },
        { name: 'clean', testMatch: '**/clean.chaos.ts' },
        { name: 'main', testMatch: '**/main*.chaos.*', dependencies: ['prepare'], use: { region: 'us' } },
      ],
    });
  `,
  'chaos.quarantine.yaml': 'tests:\n  Q1: { owner: ada, reason: "LEAK-12", expires: 2999-12-31 }\n',
  'lib/state.ts': `
    export enum State { Open = 'open', Closed = 'closed' }
    const upper = (target: object, key: string, descriptor: PropertyDescriptor): void => {
      const { value } = descriptor as { value: () => string };
      descriptor.value = function (this: unknown) { return value.call(this).toUpperCase(); };
    };
    export class Door { constructor(private readonly state: State) {} @upper name(): string { return this.state; } }
  `,
  'prepare.chaos.ts': `${HEAD}test('prepares', () => { process.env['PREPARED'] = 'yes'; mark('prepare'); });`,
  'clean.chaos.ts': `${HEAD}test('cleans', () => mark('clean'));`,
  'main.chaos.ts': `${HEAD}
    import { Door, State } from '@lib/state';
    const it = test.extend<{ region: string; basket: string[] }, { account: string }>({
      region: ['none', { option: true }],
      account: [async ({}, use) => { mark('account'); await use('a'); mark('no account'); }, { scope: 'worker' }],
      basket: async ({ account }, use) => { const items = [account]; await use(items); mark('basket of ' + items.length); },
    });
    it('types are more than types', () => { expect(new Door(State.Open).name()).toBe('OPEN'); });
    it('fixtures', ({ basket, region }) => { basket.push(region); expect(basket).toEqual(['a', 'us']); });
    it('flaky', ({}, info) => { expect(process.env['PREPARED']).toBe('yes'); expect(info.retry).toBe(1); });
    it('known', { id: 'Q1' }, () => { throw new Error('known'); });
    it('resources', async () => { const log: string[] = []; { await using held = { [Symbol.asyncDispose]: async () => void log.push('gone') }; void held; } expect(log).toEqual(['gone']); });
    test.describe.serial('a group', () => {
      it('one', () => mark('one'));
      it('two', () => mark('two'));
    });
    it('locked here', { lock: 'till' }, async () => { mark('till +'); await delay(30); mark('till -'); });
  `,
  'main-common.chaos.cjs': `
    const { test, expect } = require('@chaos/test');
    const { appendFileSync } = require('node:fs');
    const mark = (line) => appendFileSync(process.env.MARKS, line + '\\n');
    test('one instance', async () => { expect((await import('@chaos/test')).test).toBe(test); });
    test('locked there', { lock: 'till' }, async () => { mark('till +'); await new Promise((resolve) => setTimeout(resolve, 30)); mark('till -'); });
  `,
  'main-module.chaos.mjs':
    "import { test, expect } from '@chaos/test';\ntest('a module', () => { expect.soft(import.meta.filename).toMatch(/main-module/); });\n",
};
const packed = (args: readonly string[], env: Readonly<Record<string, string>> = {}): ReturnType<typeof runChaos> =>
  runChaos(createProject(SHOP, modules), [], { command: [join(modules, '.bin', 'chaos'), ...args], env });
const MAIN = [
  'a module',
  'fixtures',
  'flaky',
  'known',
  'locked here',
  'locked there',
  'one',
  'one instance',
  'resources',
  'two',
  'types are more than types',
];

test('projects, fixtures, retries, locks, quarantine, TypeScript and CommonJS', async () => {
  const run = await packed(['run']);
  expect(run.code, run.output).toBe(0);
  const tests = testsByTitle(run.report());
  expect([...tests.keys()].toSorted()).toEqual(['cleans', ...MAIN, 'prepares'].toSorted());
  expect(run.report().stats).toMatchObject({ expected: 11, unexpected: 0, flaky: 1, skipped: 1 });
  expect(tests.get('flaky')?.status).toBe('flaky');
  expect(run.output).toMatch(/1 quarantined \(1 failed\)/);
  const marks = run.marks();
  expect(marks[0]).toBe('prepare');
  // A worker outside of the teardown tears its own fixtures down at any time.
  for (const mark of ['two', 'till -', 'basket of 2'])
    expect(marks.lastIndexOf(mark), mark).toBeLessThan(marks.indexOf('clean'));
  expect(marks.filter((mark) => mark.startsWith('till'))).toEqual(['till +', 'till -', 'till +', 'till -']);
  expect(marks).toContain('basket of 2');
  expect(marks.indexOf('one')).toBe(marks.indexOf('two') - 1);
  await untilNothingIsLeft(run.footprint);
});

test('shards and their merged report, a random order, a list, and many runs', async () => {
  const project = createProject(SHOP, modules);
  const run = (...args: readonly string[]): ReturnType<typeof runChaos> =>
    runChaos(project, [], { command: [join(modules, '.bin', 'chaos'), ...args] });
  for (const shard of ['1/2', '2/2']) {
    const { code, output } = await run(
      'run',
      '--shard',
      shard,
      '--reporter',
      'blob,list',
      '--output',
      `out-${shard[0]}`,
    );
    expect(code, output).toBe(0);
  }
  const merged = await run('merge-reports', '--reporter', 'json');
  expect(merged.code, merged.output).toBe(0);
  const report = JSON.parse(merged.stdout()) as ReturnType<typeof merged.report>;
  const main = [...testsByTitle(report).keys()].filter((title) => MAIN.includes(title));
  expect(main.toSorted()).toEqual(MAIN);
  expect(report.stats).toMatchObject({ unexpected: 0, flaky: 1 });

  const order = async (seed: string): Promise<readonly string[]> =>
    [
      ...(await run('run', `--shuffle=${seed}`, '--workers', '1', '--reporter', 'list')).output.matchAll(
        /^ {2}\S {2}.* › (.+?) \(\d/gm,
      ),
    ].map(([, title]) => title as string);
  const [once, again, other] = [await order('seven'), await order('seven'), await order('eight')];
  expect(once).toHaveLength(MAIN.length + 3);
  expect(again).toEqual(once);
  expect(other).not.toEqual(once);

  const list = await run('run', '--list', '--project', 'main', '--no-deps');
  expect(list.code, list.output).toBe(0);
  for (const title of MAIN) expect(list.output).toContain(title);

  const often = await run('run', '--until', '6', '--grep', 'fixtures', '--no-deps', '--project', 'main');
  expect(often.code, often.output).toBe(0);
  expect(often.output).toMatch(/6 of 6 runs passed/);
});

// Sends requests over new connections; returns the answers and their durations.
const NETWORK = `${HEAD}
  import { request } from 'node:http';
  import { lookup } from 'node:dns/promises';
  const get = (url) => new Promise((resolve) => {
    const start = performance.now();
    const sent = request(url, { agent: false, timeout: 300 }, (response) => response.resume().on('end', () => resolve({ answered: performance.now() - start })));
    sent.on('timeout', () => sent.destroy(resolve('silence'))).on('error', ({ code }) => resolve(code)).end();
  });
  for (const backend of JSON.parse(process.env.BACKENDS)) test('cut ' + backend, async ({ target, link, inject }) => {
    const cut = await inject(link('client', 'target').cut({ mode: 'blackhole', backend }));
    expect(await get(target.url)).toBe('silence');
    await cut.heal();
    expect(await get(target.url)).toMatchObject({ answered: expect.any(Number) });
  });
  test('latency', async ({ target, link, inject }) => {
    await inject(link('client', 'target').latency({ latencyMs: 60, backend: 'proxy' }));
    expect((await get(target.url)).answered).toBeGreaterThanOrEqual(60);
  });
`;
const [namespace, { nft }] = await Promise.all([
  detectNamespace({ signal: AbortSignal.timeout(10_000) }),
  detectCapabilities(),
]);
const backends = namespace.available && nft.available ? ['proxy', 'tc'] : ['proxy'];

test('faults of links, by proxies and by packets', async () => {
  const target =
    "import { createServer } from 'node:http';\ncreateServer((_, response) => response.end('ok')).listen(Number(process.env.PORT), '127.0.0.1');\n";
  const files = {
    'chaos.yaml': "target: { command: [node, target.mjs], env: { PORT: '{port}' } }\n",
    'target.mjs': target,
    'network.chaos.ts': NETWORK,
  };
  const run = await runChaos(createProject(files, modules), [], {
    command: chaos(),
    env: { BACKENDS: JSON.stringify(backends) },
  });
  expect(run.code, run.output).toBe(0);
  expect(run.report().stats).toMatchObject({ expected: backends.length + 1, unexpected: 0 });
  await untilNothingIsLeft(run.footprint);
});

test.skipIf(backends.length === 1)('chaos net breaks the network of any program', () => {
  const script =
    "const s=require('net').createServer().listen(5432,'127.0.0.1',()=>require('net').connect(5432,'127.0.0.1').on('error',e=>{console.log(e.code);process.exit(7)}))";
  const { status, stdout, stderr } = spawnSync(
    join(modules, '.bin', 'chaos'),
    ['net', 'run', '--partition', 'reset', '--port', '5432', '--', process.execPath, '-e', script],
    { encoding: 'utf8' },
  );
  expect([status, stdout], stderr).toEqual([7, 'ECONNREFUSED\n']);
});

test('a service that a project defines, with no more than the packages that its user names', async ({ skip }) => {
  const own = createProject(ownDependencyFiles(), modules);
  const doctor = await runChaos(own, [], { command: [join(modules, '.bin', 'chaos'), 'doctor', '--json'] });
  const { checks } = JSON.parse(doctor.stdout()) as { checks: { name: string; status: string; detail: string }[] };
  const check = checks.find(({ name }) => name === 'Memcached');
  expect(check?.detail, doctor.output).toMatch(/memcached/);
  const run = await runChaos(own, [], { command: chaos('--request-timeout', '2000') });
  const tests = [...testsByTitle(run.report()).values()];
  if (tests.some(({ status }) => status === 'skipped')) skip(run.output);
  expect(run.code, run.output).toBe(0);
  expect(tests.map(({ status }) => status)).toEqual(['expected', 'expected', 'expected']);
});

describe('@chaos/suites', () => {
  const DRIVER = foreignService['driver.ts'] as string;

  test('breaks a service that it has never seen, by a driver that has some of its operations', async () => {
    const project = createProject(foreignService, modules);
    const run = await runChaos(project, [], {
      command: chaos('@chaos/suites/concurrency', '--request-timeout', '4000'),
    });
    expect(run.code, run.output).toBe(0);
    const statuses = new Map([...testsByTitle(run.report())].map(([title, { status }]) => [title, status]));
    expect([...new Set(statuses.values())].toSorted()).toEqual(['expected', 'skipped']);
    expect(statuses.get('increments that start together are all counted')).toBe('expected');
    expect(statuses.get('readers agree on the order of writes')).toBe('expected');
    expect(statuses.get('transfers that end in a deadlock are completed')).toBe('skipped');
    expect(statuses.get('one key, sent many times at once, is one transfer')).toBe('skipped');
    expect(run.stdout()).toMatch(/K05.*: driver has no `balances`, (`\w+`, )*`transfer`/);
    const list = await runChaos(project, [], { command: [chaos()[0], 'list', '@chaos/suites'] });
    expect(list.output).toMatch(/C04 .*skipped: target has no `redis`/);
    expect(list.output).toMatch(/D03 .*acknowledged(?!.*skipped)/);
  });

  test('its driver is checked: each operation is called once', async () => {
    const run = await runChaos(createProject(foreignService, modules), [], {
      command: [chaos()[0], 'driver', 'check'],
    });
    expect(run.code, run.output).toBe(0);
    expect(run.stdout()).toMatch(/ok +read\("document-0"\) .*"seeded"[^]*4 of 4 operations work\./);
    expect(run.stdout()).toContain('it lacks transfer, health');
  });

  test('finds its lost updates, and points at the line of the test', async () => {
    const run = await runChaos(createProject(foreignService, modules), [], {
      command: chaos(
        '@chaos/suites/concurrency/counter-increments.chaos.ts',
        '--variant',
        'racy',
        '--request-timeout',
        '4000',
      ),
    });
    expect(run.code, run.output).toBe(1);
    const [result] = [...testsByTitle(run.report()).values()][0]?.results ?? [];
    expect(result?.errors[0]?.message).toMatch(/toConserve/);
    expect(result?.errors[0]?.message).toMatch(/counter-increments\.chaos\.ts:\d+:\d+/);
  });

  test('has types for the driver of a strict project', () => {
    const project = createProject(
      { ...foreignService, 'wrong.ts': DRIVER.replace('Promise<number>', 'Promise<string>') },
      modules,
    );
    const tsc = (file: string): string =>
      spawnSync(
        process.execPath,
        [
          join(ROOT, 'node_modules/typescript/bin/tsc'),
          '--noEmit',
          '--strict',
          '--exactOptionalPropertyTypes',
          '--skipLibCheck',
          '--module',
          'nodenext',
          '--target',
          'es2022',
          '--lib',
          'es2023,esnext.disposable',
          '--types',
          'node',
          '--typeRoots',
          join(ROOT, 'node_modules/@types'),
          file,
        ],
        { cwd: project.path, encoding: 'utf8' },
      ).stdout;
    expect(tsc('driver.ts')).toBe('');
    expect(tsc('wrong.ts')).toMatch(/wrong\.ts\(\d+,\d+\): error TS/);
  });
});
