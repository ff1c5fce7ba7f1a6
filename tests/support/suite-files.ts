import type { Act, Suite, SuiteTest } from '../../packages/runner/test/random-suite.ts';

const BODIES: Readonly<Record<Act, string>> = {
  pass: '',
  fail: "throw new Error('broken');",
  hang: 'test.setTimeout(100); await new Promise(() => {});',
  crash: "process.kill(process.pid, 'SIGKILL');",
  skip: "test.skip(true, 'not now');",
  inconclusive: "test.inconclusive('no chance');",
  invariant: "throw new InvariantViolation('wrong data');",
};

/** A random suite as a user's files. */
export function filesOf(suite: Suite): Readonly<Record<string, string>> {
  const { groups, broken, teardownFails } = suite;
  const entries = groups.flatMap((group, index) =>
    group
      .filter(({ quarantined }) => quarantined)
      .map(
        ({ title }) =>
          `  'a.chaos.ts › ${group.length > 1 ? `g${index} › ` : ''}${title}': { owner: me, reason: later, expires: 2099-01-01 }`,
      ),
  );
  const runner = [
    ...(entries.length > 0 ? ['quarantine: quarantine.yaml'] : []),
    ...(teardownFails ? ['global_teardown: teardown.ts'] : []),
  ];
  return {
    'chaos.yaml': `runner: { ${runner.join(', ')} }\n`,
    ...(entries.length > 0 && { 'quarantine.yaml': ['cap: 99', 'tests:', ...entries, ''].join('\n') }),
    ...(teardownFails && { 'teardown.ts': "export default () => { throw new Error('teardown'); };\n" }),
    'a.chaos.ts': [
      "import { test, InvariantViolation } from '@chaos/test';",
      ...(broken ? ["throw new Error('cannot be loaded');"] : []),
      ...groups.flatMap((group, index) =>
        group.length > 1
          ? [`test.describe.serial('g${index}', () => {`, ...group.map((each) => `  ${sourceOf(each)}`), '});']
          : group.map(sourceOf),
      ),
      '',
    ].join('\n'),
  };
}

/** The arguments of its run, by one worker. */
export function argumentsOf(suite: Suite): readonly string[] {
  const { retries, maxFailures, failOnFlaky, maxInconclusive, empty, passWithNoTests } = suite;
  return [
    ...['run', '--workers', '1', '--retries', String(retries), '--max-inconclusive', String(maxInconclusive)],
    ...(maxFailures > 0 ? ['--max-failures', String(maxFailures)] : []),
    ...(failOnFlaky ? ['--fail-on-flaky-tests'] : []),
    ...(empty === 'grep' ? ['--grep', 'nothing has this name'] : []),
    ...(empty === 'shard' ? ['--shard', '2/2'] : []),
    ...(passWithNoTests ? ['--pass-with-no-tests'] : []),
  ];
}

function sourceOf({ title, acts, expected, lacking }: SuiteTest): string {
  const kind = lacking ? 'test.skip' : expected === 'failed' ? 'test.fail' : 'test';
  const rounds = acts.map((act, retry) => `if (info.retry === ${retry}) { ${BODIES[act]} }`);
  return `${kind}('${title}', async ({}, info) => { ${rounds.join(' ')} });`;
}
