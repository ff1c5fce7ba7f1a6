import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { testsByTitle } from './support/json-report.ts';
import { createProject } from './support/project.ts';
import { runChaos, type ChaosResult } from './support/run-chaos.ts';
import { HEAD, runTests } from './support/run-tests.ts';

describe('reporters', () => {
  const FILES = {
    'a.chaos.ts': `${HEAD}test('passes', () => {});`,
    'own.ts':
      "export default class { constructor(private readonly options: { greeting: string }) {} onBegin(config: { argv: string[] }) { console.log(this.options.greeting + ' begins'); } onEnd() { console.log(this.options.greeting + ' ends'); } }",
  };

  test('several in the configuration, with options; the environment and --add-reporter add, --reporter replaces', async () => {
    const project = createProject({
      ...FILES,
      'chaos.config.ts':
        "import { defineConfig } from '@chaos/test';\nexport default defineConfig({ reporter: [['dot'], ['json', { outputFile: 'out/own.json' }], ['junit', { outputFile: 'out/own.xml' }], ['./own.ts', { greeting: 'hello' }]] });",
    });
    const run = await runChaos(project, ['run']);
    expect(run.code, run.output).toBe(0);
    expect(run.stdout()).toMatch(/\n·/);
    expect(run.stdout()).toMatch(/hello begins[\s\S]*hello ends/);
    expect(JSON.parse(readFileSync(project.file('out/own.json'), 'utf8'))).toMatchObject({
      stats: { expected: 1 },
      config: {
        reporter: [
          ['dot', {}],
          ['json', { outputFile: 'out/own.json' }],
          ['junit', {}],
          ['./own.ts', {}],
        ],
      },
    });
    expect(readFileSync(project.file('out/own.xml'), 'utf8')).toMatch(/tests="1"/);
    const replaced = await runChaos(project, ['run', '--reporter', 'line']);
    expect(replaced.stdout()).toMatch(/\[1\/1\] a\.chaos\.ts/);
    expect(replaced.stdout()).not.toMatch(/hello/);
    const added = await runChaos(
      project,
      ['run', '--reporter', 'line', '--add-reporter', 'github,null', '--add-reporter=junit'],
      { env: { PLAYWRIGHT_JUNIT_OUTPUT_NAME: 'added.xml' } },
    );
    expect(added.code, added.output).toBe(0);
    expect(existsSync(project.file('added.xml'))).toBe(true);
  });

  test('in yaml, too; what is no reporter is said', async () => {
    const project = createProject({
      ...FILES,
      'chaos.yaml': 'runner:\n  reporters: [line, [./own.ts, { greeting: hi }]]\n',
    });
    const run = await runChaos(project, ['run']);
    expect(run.code, run.output).toBe(0);
    expect(run.stdout()).toMatch(/hi begins/);
    const wrong = await runTests("test('x', () => {});", [], 'runner: { reporters: [lsit] }');
    expect(wrong.run.code).toBe(2);
    expect(wrong.run.output).toMatch(/Unknown reporter "lsit": did you mean list\?/);
    const malformed = await runTests("test('x', () => {});", [], 'runner: { reporters: [[list, 5]] }');
    expect(malformed.run.output).toMatch(
      /chaos\.yaml:1:\d+: Cannot use runner\.reporters: current value is .*allowed is a name, or a list/,
    );
  });
});

test('options of expect in the configuration hold where a call says nothing', async () => {
  const source = `
    test('polls', () => expect.poll(() => 1).toBe(2));
    test('says itself', () => expect.poll(() => 1, { timeout: 50 }).toBe(2));
    test('passes in the end', async () => { let tries = 0; await expect(() => { tries++; throw new Error('tries ' + tries); }).toPass(); });
  `;
  const { run, only } = await runTests(source, ['--retries', '0'], '{}', {
    'chaos.config.ts': 'export default { expect: { timeout: 120, toPass: { timeout: 300, intervals: [100] } } };',
  });
  expect(run.code).toBe(1);
  expect(only('polls').errors[0]?.message).toMatch(/Timeout 120ms exceeded/);
  expect(only('says itself').errors[0]?.message).toMatch(/Timeout 50ms exceeded/);
  expect(only('passes in the end').errors[0]?.message).toMatch(/tries [1-4]\n[\s\S]*Timeout 300ms exceeded/);
  const yaml = await runTests(source, ['--retries', '0', '--grep', 'polls'], 'runner: { expect: { timeout_ms: 70 } }');
  expect(yaml.only('polls').errors[0]?.message).toMatch(/Timeout 70ms exceeded/);
});

test('a project may have options of expect of its own; what it does not set is as in the configuration', async () => {
  const source = `
    test('polls', () => expect.poll(() => 1).toBe(2));
    test('passes in the end', () => expect(() => { throw new Error('never'); }).toPass());
    test('sees it', ({}, info) => mark(JSON.stringify([info.project.name, info.project.expect])));
  `;
  const messagesOf = (run: ChaosResult): readonly string[] => run.stdout().match(/Timeout \d+ms/g) ?? [];
  const config =
    "export default { expect: { timeout: 120, toPass: { timeout: 300, intervals: [20] } }, projects: [{ name: 'plain' }, { name: 'own', expect: { timeout: 80, toPass: { timeout: 90 } } }] };";
  const { run } = await runTests(source, ['--retries', '0', '--workers', '1'], '{}', { 'chaos.config.ts': config });
  expect(run.code).toBe(1);
  expect([...new Set(messagesOf(run))].toSorted(), run.output).toEqual([
    'Timeout 120ms',
    'Timeout 300ms',
    'Timeout 80ms',
    'Timeout 90ms',
  ]);
  expect(run.marks().map((mark) => JSON.parse(mark) as unknown)).toEqual([
    ['plain', { timeout: 120, toPass: { timeout: 300, intervals: [20] } }],
    ['own', { timeout: 80, toPass: { timeout: 90, intervals: [20] } }],
  ]);
  const yaml = await runTests(
    source,
    ['--retries', '0', '--grep', 'polls'],
    'projects:\n  own: { expect: { timeout_ms: 70 } }\n',
  );
  expect([...new Set(messagesOf(yaml.run))], yaml.run.output).toEqual(['Timeout 70ms']);
  const wrong = await runTests(source, [], 'projects:\n  own: { expect: { timeout_ms: soon } }\n');
  expect(wrong.run.code).toBe(2);
  expect(wrong.run.output).toMatch(
    /chaos\.yaml:2:32: Cannot use projects\.own\.expect\.timeout_ms: current value is "soon", allowed is a whole number/,
  );
});

test('mergeExpects and mergeTests put together what several files add', async () => {
  const { run } = await runTests(
    `
    import { mergeExpects, mergeTests } from '@chaos/test';
    const one = expect.extend({ toBeEven(received: number) { return { pass: received % 2 === 0, message: () => received + ' is odd' }; } });
    const two = expect.extend({ toBeBig(received: number) { return { pass: received > 100, message: () => received + ' is small' }; } });
    const both = mergeExpects(one, two);
    const own = mergeTests(test.extend({ a: 1 }), test.extend({ b: 2 }));
    own('uses both', ({ a, b }) => { both(102 * a).toBeEven(); both(101 * b).toBeBig(); });
    test('refuses', () => expect(() => mergeExpects({} as never)).toThrow(/Cannot merge a value that is not an expect: received \\{\\}/));
    `,
  );
  expect(run.code, run.output).toBe(0);
});

test('--quiet keeps what tests print from the terminal, not from the report', async () => {
  const { run, only } = await runTests("test('prints', () => console.log('to be heard'));", ['--quiet']);
  expect(run.output).not.toMatch(/to be heard/);
  expect(only('prints').stdout[0]?.text).toBe('to be heard\n');
  expect((await runTests("test('prints', () => console.log('to be heard'));")).run.output).toMatch(/to be heard/);
});

test('--tsconfig chooses the aliases for all files', async () => {
  const files = {
    'tsconfig.json': '{ "compilerOptions": { "paths": { "@lib": ["./one.ts"] } } }',
    'other/tsconfig.json': '{ "compilerOptions": { "paths": { "@lib": ["../two.ts"] } } }',
    'one.ts': "export const which: string = 'one';",
    'two.ts': "export const which: string = 'two';",
    'chaos.config.ts': "import { which } from '@lib';\nexport default { metadata: { config: which } };",
    'b.chaos.ts': `${HEAD}import { which } from '@lib';\ntest('tells', ({}, info) => mark(which + ' ' + info.config.metadata.config));`,
  };
  const project = createProject(files);
  expect((await runChaos(project, ['run'])).marks()).toEqual(['one one']);
  expect((await runChaos(project, ['run', '--tsconfig', 'other/tsconfig.json'])).marks()).toEqual([
    'one one',
    'two two',
  ]);
  const missing = await runChaos(project, ['run', '--tsconfig', 'nowhere.json']);
  expect(missing.code).toBe(2);
  expect(missing.output).toMatch(/Cannot .*nowhere\.json/);
});

test('--config takes a module or a folder, of any kind; --last-failed-file another file', async () => {
  const project = createProject({
    'sub/ci.config.cjs': "module.exports = { metadata: { from: 'module' } };",
    'sub/a.chaos.ts': `${HEAD}test('fails', ({}, info) => { mark(info.config.metadata.from); expect(process.env.HEALED).toBe('1'); });\ntest('passes', () => mark('passes'));`,
    'folder/chaos.config.mts': "export default { metadata: { from: 'folder' }, testDir: '../sub' };",
  });
  const first = await runChaos(project, [
    'run',
    '-c',
    'sub/ci.config.cjs',
    '--retries',
    '0',
    '--last-failed-file',
    'kept/last.json',
  ]);
  expect(first.code, first.output).toBe(1);
  expect(first.marks()).toEqual(['module', 'passes']);
  expect(existsSync(project.file('sub/chaos-results/results.json'))).toBe(true);
  expect(JSON.parse(readFileSync(project.file('kept/last.json'), 'utf8'))).toMatchObject({
    status: 'failed',
    failedTests: [expect.any(String)],
  });
  const again = await runChaos(project, [
    'run',
    '--config=folder',
    '--last-failed-file',
    'nowhere.json',
    '--last-failed',
  ]);
  expect(again.code).toBe(2);
  const healed = await runChaos(project, ['run', '-c', 'sub', '--last-failed', '--retries', '0'], {
    env: { HEALED: '1', PLAYWRIGHT_LAST_RUN_OUTPUT_FILE: 'kept/last.json' },
  });
  expect(healed.code, healed.output).toBe(0);
  expect(healed.marks().slice(2)).toEqual(['undefined']);
  const folder = await runChaos(project, ['run', '-c', 'folder', '--grep', 'passes']);
  expect(folder.code, folder.output).toBe(0);
  expect((await runChaos(project, ['run', '-c', 'no.config.ts'])).output).toMatch(/no\.config\.ts does not exist/);
});

test('grep at the top of the configuration holds for projects that say nothing; what is not there is refused', async () => {
  const source = "test('alpha', () => {});\ntest('beta', () => {});\ntest('gamma', () => {});";
  const files = (config: string): Readonly<Record<string, string>> => ({
    'chaos.config.ts': `export default ${config};`,
    'a.chaos.ts': `${HEAD}${source}`,
  });
  const run = await runChaos(
    createProject(
      files("{ grep: [/alpha/, /beta/], grepInvert: /beta/, projects: [{ name: 'p' }, { name: 'q', grep: /gamma/ }] }"),
    ),
    ['run', '--list', '--json'],
  );
  expect(
    (JSON.parse(run.stdout()) as { tests: readonly { project: string; title: string }[] }).tests.map(
      ({ project, title }) => `${project} ${title}`,
    ),
  ).toEqual(['p alpha', 'q gamma']);
  const refused = await runChaos(
    createProject(files('{ webServer: { command: "x" }, shard: { current: 1, total: 2 } }')),
    ['run'],
  );
  expect(refused.code).toBe(2);
  expect(refused.output).toMatch(/Cannot use webServer: .*there is no such key/);
});

test('merged reports say which shard a result is from', async () => {
  const project = createProject({
    'a.chaos.ts': `${HEAD}for (let n = 0; n < 8; n++) test('t' + n, () => {});`,
    'chaos.yaml': 'runner: { fully_parallel: true }',
  });
  for (const shard of ['1/2', '2/2'])
    expect((await runChaos(project, ['run', '--shard', shard, '--reporter', 'blob'])).code).toBe(0);
  const merged = await runChaos(project, ['merge-reports', '--reporter', 'json']);
  expect(merged.code, merged.output).toBe(0);
  const results = [...testsByTitle(JSON.parse(merged.stdout())).values()].flatMap(
    (each) => each.results as readonly { readonly shardIndex?: number }[],
  );
  expect(new Set(results.map(({ shardIndex }) => shardIndex))).toEqual(new Set([1, 2]));
});

describe('tag', () => {
  const SOURCE = `
    test('sees it', { tag: '@own' }, ({}, info) => { expect(info.tags).toEqual(['@nightly', '@eu', '@own']); expect(info.config.tags).toEqual(['@nightly', '@eu']); mark('seen'); });
    test('is other', { tag: '@nightly' }, ({}, info) => expect(info.tags).toEqual(['@nightly', '@eu']));
  `;
  const tagsOf = (run: ChaosResult): unknown =>
    (
      run.report() as unknown as {
        readonly suites: readonly { readonly specs: readonly { readonly tags: readonly string[] }[] }[];
      }
    ).suites[0]?.specs.map(({ tags }) => tags);

  test('is every test’s, before its own, and what --grep looks at, in either file', async () => {
    const { run } = await runTests(SOURCE, ['--grep', '@eu'], '{}', {
      'chaos.config.ts': "export default { tag: ['@nightly', '@eu'] };",
    });
    expect(run.code, run.output).toBe(0);
    expect(run.marks()).toEqual(['seen']);
    expect(run.report()).toMatchObject({ config: { tags: ['@nightly', '@eu'] } });
    expect(tagsOf(run)).toEqual([
      ['nightly', 'eu', 'own'],
      ['nightly', 'eu'],
    ]);
    const yaml = await runTests(
      "test('one', ({}, info) => mark(info.tags.join()));",
      ['--grep', '@eu'],
      "runner: { tag: '@eu' }",
    );
    expect(yaml.run.marks(), yaml.run.output).toEqual(['@eu']);
    const none = await runTests("test('one', () => {});", ['--grep-invert', '@eu'], "runner: { tag: '@eu' }");
    expect(none.run.output).toMatch(/No tests found/);
  });

  test('starts with @', async () => {
    const wrong = await runTests("test('one', () => {});", [], "runner:\n  tag: ['@eu', nightly]\n");
    expect(wrong.run.code).toBe(2);
    expect(wrong.run.output).toMatch(
      /chaos\.yaml:2:8: Cannot use runner\.tag: current value is \["@eu","nightly"\], allowed is a tag that starts with @, or a list of them/,
    );
    const code = await runTests("test('one', () => {});", [], '{}', {
      'chaos.config.ts': "export default { tag: 'eu' };",
    });
    expect(code.run.output).toMatch(
      /chaos\.config\.ts: Cannot use runner\.tag: current value is "eu", allowed is a tag that starts with @/,
    );
  });
});
