import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { testsByTitle } from './support/json-report.ts';
import { createProject } from './support/project.ts';
import { runChaos } from './support/run-chaos.ts';
import { HEAD, runTests } from './support/run-tests.ts';
import { startChaos } from './support/start-chaos.ts';
import { untilNothingIsLeft } from './support/until-nothing-is-left.ts';

const text = (chunks: readonly { readonly text: string }[]): string => chunks.map((chunk) => chunk.text).join('');

test('a failure keeps its worker, hooks are not run again for a retry, time-outs grow', async () => {
  const { run, get } = await runTests(
    `
    test.describe('group', () => {
      test.beforeAll(() => mark('beforeAll'));
      test.afterAll(() => mark('afterAll'));
      test('first', () => {});
      test('fails twice', async ({}, info) => {
        mark('timeout ' + info.timeout);
        expect(info.retry).toBe(2);
      });
      test('last', () => {});
    });
    `,
    ['--retries', '2', '--timeout', '1000', '--workers', '1'],
  );
  expect(run.code, run.output).toBe(0);
  expect(run.marks()).toEqual(['beforeAll', 'timeout 1000', 'timeout 1500', 'timeout 2250', 'afterAll']);
  expect(get('fails twice').status).toBe('flaky');
  expect(
    new Set(
      ['first', 'fails twice', 'last'].flatMap((title) => get(title).results.map(({ workerIndex }) => workerIndex)),
    ).size,
  ).toBe(1);
});

test('a serial group stops at its first failure and is tried again whole', async () => {
  const { run, get } = await runTests(
    `
    test.describe.serial('group', () => {
      test.beforeAll(() => mark('begin'));
      test.afterAll(() => mark('end'));
      test('one', () => mark('one'));
      test('two', ({}, info) => { mark('two'); expect(info.retry).toBe(1); });
      test('three', () => mark('three'));
    });
    test.describe.serial('lost', () => {
      test('fails', () => { throw new Error('always'); });
      test('is not reached', () => mark('unreachable'));
    });
    `,
    ['--retries', '1', '--workers', '1'],
  );
  expect(run.code).toBe(1);
  expect(run.marks()).toEqual(['begin', 'one', 'two', 'end', 'begin', 'one', 'two', 'three', 'end']);
  expect([get('one').status, get('two').status, get('three').status]).toEqual(['expected', 'flaky', 'expected']);
  expect(get('is not reached').status).toBe('skipped');
});

test('tests that hold a lock never overlap, those that hold none do', async () => {
  const meet = `
    const meet = async (name, other) => {
      mark(name);
      while (!readFileSync(process.env.MARKS, 'utf8').split('\\n').includes(other)) await delay(10);
    };
  `;
  const file = (name: string, other: string): string => `
    ${HEAD}
    import { readFileSync } from 'node:fs';
    ${meet}
    test('meets ${name}', () => meet('${name}', '${other}'));
    test('alone ${name}', { lock: 'host' }, () => delay(50));
    test('named ${name}', { lock: 'disk' }, () => delay(50));
  `;
  const run = await runChaos(createProject({ 'a.chaos.ts': file('a', 'b'), 'b.chaos.ts': file('b', 'a') }), [
    'run',
    '--workers',
    '2',
    '--timeout',
    '20000',
    '--retries',
    '0',
  ]);
  // Tests that should overlap have overlapped, or they waited until their time-out.
  expect(run.code, run.output).toBe(0);
  const tests = testsByTitle(run.report());
  const spans = [...tests].map(
    ([
      title,
      {
        results: [result],
      },
    ]) => ({
      title,
      from: Date.parse(result?.startTime ?? ''),
      to: Date.parse(result?.startTime ?? '') + (result?.duration ?? 0),
    }),
  );
  const overlaps = (first: string, second: string): boolean => {
    const [a, b] = [first, second].map((title) => spans.find((span) => span.title === title));
    if (!a || !b) throw new Error(`No ${first} or ${second}`);
    // Start times are whole milliseconds.
    return a.from + 1 < b.to && b.from + 1 < a.to;
  };
  expect(overlaps('named a', 'named b')).toBe(false);
  for (const { title } of spans)
    for (const alone of ['alone a', 'alone b'])
      if (title !== alone) expect(overlaps(alone, title), `${alone} and ${title}`).toBe(false);
});

test('whatever a test does to its process, it is that test which is told of it', async () => {
  const { run, get, only } = await runTests(
    `
    test('soft', () => { expect.soft(1).toBe(2); expect.soft('a').toBe('b'); mark('after soft'); });
    test('loops', () => { for (;;); });
    test('leaves', () => { process.exit(5); });
    test('rejects', async () => { void Promise.reject(new Error('nobody listens')); await delay(5000); });
    test('throws later', async () => { setTimeout(() => { throw new Error('from a timer'); }, 1); await delay(5000); });
    test('prints', () => { console.log('to stdout'); console.error('to stderr'); });
    test('says nothing', () => {});
    test('hangs', () => new Promise(() => {}));
    test('throws no error', () => { throw 'a string'; });
    `,
    ['--retries', '0', '--workers', '1', '--timeout', '1500'],
  );
  expect(run.code).toBe(1);
  expect(only('soft').errors).toHaveLength(2);
  expect(run.marks()).toContain('after soft');
  expect(only('loops').status).toBe('timedOut');
  expect(only('loops').errors[0]?.message).toMatch(/1500ms exceeded.*event loop/s);
  expect(only('loops').duration).toBeLessThan(1500 + 2000 + 1500);
  expect(only('leaves').errors[0]?.message).toMatch(/worker process exited unexpectedly \(code=5/);
  expect(only('rejects').errors[0]?.message).toMatch(/nobody listens/);
  expect(only('throws later').errors[0]?.message).toMatch(/from a timer/);
  expect(only('throws later').errors[0]?.location?.file).toMatch(/a\.chaos\.ts$/);
  expect(only('hangs').status).toBe('timedOut');
  expect(only('throws no error').errors[0]?.message).toMatch(/a string/);
  expect([text(only('prints').stdout), text(only('prints').stderr)]).toEqual(['to stdout\n', 'to stderr\n']);
  expect(text(only('says nothing').stdout)).toBe('');
  expect(get('says nothing').status).toBe('expected');
});

test('skipped and inconclusive are told apart, and too many of the latter fail the run', async () => {
  const source = `
    test.skip('declared', () => {});
    test('conditional', ({}, info) => info.skip(true, 'not today'));
    test('lacking', { requires: ['netem', 'faketime', 'root', 'cgroup', 'psi', 'redis-server', 'ifb'] }, () => {});
    test('unprovoked', () => test.inconclusive('not up to 400'));
    test('expected failure', () => { test.fail(); throw new Error('as said'); });
    test.fixme('broken', () => {});
    for (let n = 0; n < 5; n++) test('passes ' + n, () => {});
  `;
  const { run, get } = await runTests(source, ['--retries', '3']);
  expect(run.code, run.output).toBe(0);
  for (const title of ['declared', 'conditional', 'lacking', 'broken', 'unprovoked'])
    expect(get(title).status, title).toBe('skipped');
  expect(get('conditional').annotations).toContainEqual(
    expect.objectContaining({ type: 'skip', description: 'not today' }),
  );
  expect(
    get('lacking')
      .annotations.map(({ description }) => description)
      .join(),
  ).toMatch(/netem|faketime/);
  expect(get('unprovoked').annotations).toContainEqual(
    expect.objectContaining({ type: 'inconclusive', description: 'not up to 400' }),
  );
  expect(get('unprovoked').results).toHaveLength(1);
  expect(get('expected failure').status).toBe('expected');
  const strict = await runTests(source, [], 'runner: { max_inconclusive: 0 }');
  expect(strict.run.output).toMatch(/Too many tests were inconclusive/);
  expect(strict.run.code).toBe(1);
});

test('an invariant that does not hold is not tried again', async () => {
  const { run, get } = await runTests(
    "import { InvariantViolation } from '@chaos/test';\ntest('loses money', () => { throw new InvariantViolation('42 are missing'); });",
    ['--retries', '3'],
  );
  expect(run.code).toBe(1);
  expect(get('loses money').results).toHaveLength(1);
});

describe('command line', () => {
  const FILES = {
    'x/a.chaos.ts': `${HEAD}test('alpha @fast', { id: 'X01' }, () => {});\n  test('beta', { tag: '@slow' }, () => {});\n`,
    'y/b.chaos.ts': `${HEAD}test('gamma', () => {});\n`,
  };
  const line = FILES['x/a.chaos.ts'].split('\n').findIndex((source) => source.includes('beta')) + 1;

  test('--json leaves stdout to JSON, --list and filters choose', async () => {
    const project = createProject(FILES);
    const json = await runChaos(project, ['run', '--json']);
    expect(json.code).toBe(0);
    expect((JSON.parse(json.stdout()) as { stats: unknown }).stats).toMatchObject({ expected: 3 });
    expect(JSON.parse(readFileSync(project.file('chaos-results/results.json'), 'utf8'))).toMatchObject({
      stats: { expected: 3 },
    });
    const chosen = async (...args: string[]): Promise<readonly string[]> => {
      const list = await runChaos(project, ['run', '--list', '--json', ...args]);
      return (JSON.parse(list.stdout()) as { tests: readonly { title: string }[] }).tests.map(({ title }) => title);
    };
    expect(
      await Promise.all([
        chosen(),
        chosen('x'),
        chosen(`x/a.chaos.ts:${line}`),
        chosen('b\\.chaos'),
        chosen('--grep', 'X01'),
        chosen('--grep', '@slow'),
        chosen('--grep-invert', '@slow'),
        chosen('y', `x/a.chaos.ts:${line}`),
      ]),
    ).toEqual([
      ['alpha @fast', 'beta', 'gamma'],
      ['alpha @fast', 'beta'],
      ['beta'],
      ['gamma'],
      ['alpha @fast'],
      ['beta'],
      ['alpha @fast', 'gamma'],
      ['beta', 'gamma'],
    ]);
    expect((await runChaos(project, ['list', 'y'])).output).toMatch(/b\.chaos\.ts:\d+ +gamma\n1 test\n$/);
  });

  test('--seed repeats every random choice, and the failures of others stop a run', async () => {
    const source = `
      test('draws', async ({ random }) => console.log(JSON.stringify([random('x').next(), random('y').next()])));
      test('draws, too', async ({ random }) => console.log(JSON.stringify([random('x').next()])));
    `;
    const drawn = async (...args: string[]): Promise<readonly string[]> => {
      const { only } = await runTests(source, args);
      return [text(only('draws').stdout), text(only('draws, too').stdout)];
    };
    const [one, again, other] = await Promise.all([
      drawn('--seed', 'one'),
      drawn('--seed', 'one'),
      drawn('--seed', 'other'),
    ]);
    expect(again).toEqual(one);
    expect(other).not.toEqual(one);
    expect(
      new Set((JSON.parse(one[0] as string) as number[]).concat(JSON.parse(one[1] as string) as number[])).size,
    ).toBe(3);
    const stopped = await runTests(
      "test('fails', () => { throw new Error('x'); });\n test('never runs', () => mark('ran'));",
      ['-x', '--retries', '0', '--workers', '1'],
    );
    expect(stopped.run.marks()).toEqual([]);
    expect(stopped.get('never runs').status).toBe('skipped');
  });
});

test('a run that uses no service starts none, and makes no folder and no watcher for it', async () => {
  const project = createProject({
    'a.chaos.ts': `
      ${HEAD}
      import { existsSync } from 'node:fs';
      test('waits', async () => {
        mark('body');
        while (!existsSync('go')) await delay(10);
      });
    `,
  });
  const run = startChaos(project, ['run', '--timeout', '30000']);
  await run.marked('body');
  const started = run.footprint.look().map(({ command }) => command);
  expect(started.filter((command) => /worker\/main/.test(command))).toHaveLength(1);
  expect(started.filter((command) => /slot\/main|watcher|postgres|redis/.test(command))).toEqual([]);
  expect(readdirSync(project.tmp).filter((name) => /^chaos-[0-9a-f]{10}-/.test(name))).toEqual([]);
  expect(
    existsSync(`${project.tmp}/chaos-${process.getuid?.()}/runs`)
      ? readdirSync(`${project.tmp}/chaos-${process.getuid?.()}/runs`)
      : [],
  ).toEqual([]);
  writeFileSync(project.file('go'), '');
  expect((await run.exited).code).toBe(0);
  await untilNothingIsLeft(run.footprint);
});

test('folders of tests that passed go where only those of failures are kept, and slow tests are named', async () => {
  const config = 'runner:\n  preserve_output: failures-only\n  report_slow_tests: { max: 1, threshold_ms: 0 }\n';
  const files = `
import { test, expect } from '@chaos/test';
import { writeFileSync } from 'node:fs';
for (const right of [true, false]) test(right ? 'passes' : 'fails', async ({}, info) => { writeFileSync(info.outputPath('kept'), String(right)); expect(right).toBe(true); });
`;
  const project = createProject({ 'chaos.yaml': config, 'a.chaos.ts': files });
  const run = await runChaos(project, ['run', '--retries', '0']);
  expect(run.code).toBe(1);
  expect(run.output.match(/Slow test: /g)).toHaveLength(1);
  const kept = readdirSync(project.file('chaos-results/tests')).filter((folder) =>
    existsSync(project.file(`chaos-results/tests/${folder}/kept`)),
  );
  expect(kept.map((folder) => readFileSync(project.file(`chaos-results/tests/${folder}/kept`), 'utf8'))).toEqual([
    'false',
  ]);
});
