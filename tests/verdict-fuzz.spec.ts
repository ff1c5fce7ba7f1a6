import { createRandom } from '@chaos/stats';
import { expect, test } from 'vitest';
import { play, randomSuite, type Act, type Suite } from '../packages/runner/test/random-suite.ts';
import { endOf, exitCodeOf } from '../packages/runner/test/verdict-model.ts';
import { testsByTitle } from './support/json-report.ts';
import { createProject } from './support/project.ts';
import { runChaos } from './support/run-chaos.ts';
import { argumentsOf, filesOf } from './support/suite-files.ts';

// `pnpm fuzz:verdict --count 20000 --seed text`
const COUNT = Number(process.env['FUZZ_COUNT'] ?? 400);
const SEED = process.env['FUZZ_SEED'] ?? 'verdict';
const AT_ONCE = 2;
const MOST_SHRINKS = 60;
const ACTS: readonly Act[] = ['fail', 'fail', 'fail', 'skip', 'inconclusive', 'invariant', 'hang', 'crash'];
const STATUS: Readonly<Record<string, string>> = { expected: 'expected', flaky: 'flaky', failed: 'unexpected' };

// An unchanged checkout needs a repository each: `verdict.spec.ts` has one.
function suiteOf(number: number): Suite {
  const suite = randomSuite(createRandom(SEED, `${number}`), ACTS);
  return suite.empty === 'unchanged' ? { ...suite, empty: 'grep' } : suite;
}

/** What the command makes of a suite where that is not right; else nothing. */
async function disagreement(suite: Suite): Promise<string | undefined> {
  const told = play(suite);
  const run = await runChaos(createProject(filesOf(suite)), argumentsOf(suite));
  const tests = testsByTitle(run.report());
  const right = [exitCodeOf(told), ...told.tests.map((each) => `${each.title} ${STATUS[endOf(each)] ?? 'skipped'}`)];
  const said = [run.code, ...told.tests.map(({ title }) => `${title} ${tests.get(title)?.status}`)];
  if (right.join() === said.join()) return undefined;
  return `right: ${right.join(', ')}\nsaid:  ${said.join(', ')}\n${argumentsOf(suite).join(' ')}\n${Object.values(filesOf(suite)).join('\n')}\n${run.output}`;
}

function* smaller(suite: Suite): Generator<Suite> {
  const { groups } = suite;
  for (const index of groups.keys()) yield { ...suite, groups: groups.toSpliced(index, 1) };
  for (const [index, group] of groups.entries())
    for (const inner of group.length > 1 ? group.keys() : [])
      yield { ...suite, groups: groups.with(index, group.toSpliced(inner, 1)) };
  const plain = {
    retries: 0,
    maxFailures: 0,
    failOnFlaky: false,
    maxInconclusive: 1,
    teardownFails: false,
    empty: 'no',
  } as const;
  for (const [key, value] of Object.entries(plain))
    if (suite[key as keyof Suite] !== value) yield { ...suite, [key]: value };
}

async function shrink(suite: Suite, first: string): Promise<string> {
  let [smallest, told, left] = [suite, first, MOST_SHRINKS];
  for (let better = true; better;) {
    better = false;
    for (const candidate of smaller(smallest)) {
      if (candidate.groups.length === 0 || left-- <= 0) continue;
      const text = await disagreement(candidate);
      if (text === undefined) continue;
      [smallest, told, better] = [candidate, text, true];
      break;
    }
  }
  return told;
}

test(`the command ends ${COUNT} random suites as the model says`, { timeout: COUNT * 5000 + 60_000 }, async () => {
  const numbers = Array.from({ length: COUNT }, (_, index) => index).values();
  let found: string | undefined;
  const work = async (): Promise<void> => {
    for (const number of numbers) {
      if (found !== undefined) return;
      const suite = suiteOf(number);
      const text = await disagreement(suite);
      if (text !== undefined) found ??= `seed ${SEED}, suite ${number}\n${await shrink(suite, text)}`;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  expect(found).toBeUndefined();
});
