import { groupsByFile, type Act, type Suite, type SuiteTest } from '../../packages/runner/test/random-suite.ts';

const BODIES: Readonly<Record<Act, string>> = {
  pass: '',
  fail: "throw new Error('broken');",
  hang: 'test.setTimeout(100); await new Promise(() => {});',
  crash: "process.kill(process.pid, 'SIGKILL');",
  skip: "test.skip(true, 'not now');",
  inconclusive: "test.inconclusive('no chance');",
  invariant: "throw new InvariantViolation('wrong data');",
  stall: "test.setTimeout(0); appendFileSync(process.env.MARKS, 'stalls\\n'); await new Promise(() => {});",
};

/** A random suite as a user's files. */
export function filesOf(suite: Suite): Readonly<Record<string, string>> {
  const { teardownFails, projects } = suite;
  const files = groupsByFile(suite).map((groups, index) => ({ name: `${'abc'[index]}.chaos.ts`, groups }));
  const entries = files.flatMap(({ name, groups }) => entriesOf(name, groups));
  const runner = [
    ...(entries.length > 0 ? ['quarantine: quarantine.yaml'] : []),
    ...(teardownFails ? ['global_teardown: teardown.ts'] : []),
  ];
  const throws = "throw new Error('cannot be loaded');\n";
  return {
    'chaos.yaml': `runner: { ${runner.join(', ')} }\n${projects.length > 1 ? `projects: { ${projects.map((name) => `${name}: {}`).join(', ')} }\n` : ''}`,
    ...(entries.length > 0 && { 'quarantine.yaml': ['cap: 99', 'tests:', ...entries, ''].join('\n') }),
    ...(teardownFails && { 'teardown.ts': "export default () => { throw new Error('teardown'); };\n" }),
    ...Object.fromEntries(
      files.map(({ name, groups }) => [
        name,
        (suite.broken && name === files.at(-1)?.name ? throws : '') + source(groups),
      ]),
    ),
  };
}

type Groups = readonly (readonly SuiteTest[])[];

const nameOf = ([first]: readonly SuiteTest[]): string => `g-${first?.title}`;

function entriesOf(file: string, groups: Groups): readonly string[] {
  return groups.flatMap((group) =>
    group
      .filter(({ quarantined }) => quarantined)
      .map(
        ({ title }) =>
          `  '${file} › ${group.length > 1 ? `${nameOf(group)} › ` : ''}${title}': { owner: me, reason: later, expires: 2099-01-01 }`,
      ),
  );
}

function source(groups: Groups): string {
  return [
    "import { appendFileSync } from 'node:fs';",
    "import { test, InvariantViolation } from '@chaos/test';",
    ...groups.flatMap((group) =>
      group.length > 1
        ? [`test.describe.serial('${nameOf(group)}', () => {`, ...group.map((each) => `  ${sourceOf(each)}`), '});']
        : group.map(sourceOf),
    ),
    '',
  ].join('\n');
}

/** The arguments of its run, or of one of its two shards. */
export function argumentsOf(suite: Suite, shard?: number): readonly string[] {
  const { retries, maxFailures, failOnFlaky, maxInconclusive, empty, passWithNoTests, workers } = suite;
  return [
    ...[
      'run',
      '--workers',
      String(workers),
      '--retries',
      String(retries),
      '--max-inconclusive',
      String(maxInconclusive),
    ],
    ...(maxFailures > 0 ? ['--max-failures', String(maxFailures)] : []),
    ...(failOnFlaky ? ['--fail-on-flaky-tests'] : []),
    ...(empty === 'grep' ? ['--grep', 'nothing has this name'] : []),
    ...(empty === 'shard' ? ['--shard', '2/2'] : shard === undefined ? [] : ['--shard', `${shard}/2`]),
    ...(passWithNoTests ? ['--pass-with-no-tests'] : []),
  ];
}

function sourceOf({ title, acts, expected, lacking }: SuiteTest): string {
  const kind = lacking ? 'test.skip' : expected === 'failed' ? 'test.fail' : 'test';
  const rounds = acts.map((act, retry) => `if (info.retry === ${retry}) { ${BODIES[act]} }`);
  return `${kind}('${title}', async ({}, info) => { ${rounds.join(' ')} });`;
}
