import { createRandom, type Random } from '@chaos/stats';
import { expect, test } from 'vitest';
import { countVerdicts, judgeRun, type RunFacts, type RunVerdict } from '../src/verdict/judge-run.js';
import { addAttempt, createStory, verdictOfStory, type TestStory } from '../src/verdict/test-story.js';
import { play, randomSuite, type Act } from './random-suite.js';
import { endOf, exitCodeOf, type Told, type ToldRun, type ToldTest } from './verdict-model.js';

const RUNS = 20_000;
const SEED = process.env['FUZZ_SEED'] ?? 'verdict';
const ACTS: readonly Act[] = ['pass', 'fail', 'fail', 'hang', 'crash', 'skip', 'inconclusive', 'invariant'];
const STATUSES = ['passed', 'failed', 'timedOut', 'skipped', 'interrupted'] as const;

/** Events of a real runner and, often, events that only a broken one would send. */
function randomRun(random: Random): ToldRun {
  const run = play(randomSuite(random, ACTS));
  const chance = random.next();
  if (chance < 0.5) return run;
  if (chance < 0.55) return { ...run, unmatched: random.integer(0, 2) };
  if (chance < 0.6) return { ...run, overloaded: random.next() < 0.5 };
  if (chance < 0.7) return { ...run, tests: run.tests.map((each) => strange(each, random)) };
  if (chance < 0.75) return { ...run, stop: { kind: 'environment', exitCode: random.pick([2, 3]) } };
  return stopped(run, random);
}

function strange(each: ToldTest, random: Random): ToldTest {
  const told = (): Told => {
    const status = random.pick(STATUSES);
    return {
      status,
      ...(status === 'skipped' && random.next() < 0.5 && { inconclusive: 'no chance' }),
      ...(status === 'failed' && random.next() < 0.1 && { invariant: true }),
    };
  };
  return {
    ...each,
    attempts: Array.from({ length: random.integer(0, 4) }, told),
    skip: random.pick(['skipped', 'did not run'] as const),
  };
}

// From a random test on nothing happens; that test may have been interrupted. Now and then nothing explains it.
function stopped(run: ToldRun, random: Random): ToldRun {
  const at = random.integer(0, run.tests.length);
  const kind = random.pick(['signal', 'timeout', 'none'] as const);
  const tests = run.tests.map((each, index): ToldTest => {
    if (index < at) return each;
    const attempts: Told[] = each.attempts.slice(0, index === at ? random.integer(0, each.attempts.length) : 0);
    if (index === at && random.next() < 0.7) attempts.push({ status: 'interrupted' });
    return { ...each, attempts };
  });
  return {
    ...run,
    tests,
    ...(kind !== 'none' && { stop: kind === 'signal' ? { kind, exitCode: random.pick([130, 143]) } : { kind } }),
  };
}

function storyOf({ attempts, expected, skip, quarantined }: ToldTest): TestStory {
  const story = createStory(quarantined, false);
  for (const { status, inconclusive, invariant = false } of attempts)
    addAttempt(
      story,
      { status, ...(inconclusive !== undefined && { inconclusive }), errors: [{ invariant }] },
      expected,
    );
  story.skip = skip;
  return story;
}

function factsOf(run: ToldRun): RunFacts {
  const { noTests, emptyShard, unchanged } = run.allowed;
  return {
    tests: run.tests.map(storyOf),
    hasErrors: run.errorsOutside > 0,
    stop: run.stop,
    selection: run.unloaded
      ? undefined
      : {
          count: run.tests.length,
          lookedFor: '',
          advice: '',
          passWithNoTests: noTests,
          isEmptyShard: emptyShard,
          isUnchanged: unchanged,
          unmatched: Array.from({ length: run.unmatched ?? 0 }, (_, index) => `"part${index}"`),
        },
    failOnFlakyTests: run.failOnFlaky,
    maxInconclusive: run.maxInconclusive,
    overloaded: run.overloaded,
  };
}

/** The first run with a different verdict; `mutate` breaks the rule. */
function firstDisagreement(mutate: (facts: RunFacts) => RunFacts = (facts) => facts): unknown {
  for (let number = 0; number < RUNS; number++) {
    const run = randomRun(createRandom(SEED, `${number}`));
    const facts = mutate(factsOf(run));
    const judged = [judgeRun(facts).exitCode, ...[...facts.tests].map(verdictOfStory)];
    const right = [exitCodeOf(run), ...run.tests.map(endOf)];
    if (judged.join() !== right.join()) return { seed: SEED, number, judged, right, run };
  }
  return undefined;
}

const ofAll =
  (change: (story: TestStory, all: readonly TestStory[]) => Partial<TestStory>) =>
  (facts: RunFacts): RunFacts => {
    const all = [...facts.tests];
    return { ...facts, tests: all.map((story) => ({ ...story, ...change(story, all) })) };
  };

test(`${RUNS} random runs are judged as the model judges them`, () => {
  expect(firstDisagreement()).toBeUndefined();
}, 60_000);

test.each<[string, (facts: RunFacts) => RunFacts]>([
  [
    'a passing retry of another test clears a failure',
    ofAll(({ failing }, all) => ({ failing: failing && !all.some((other) => other.failures > 0 && !other.failing) })),
  ],
  ['a skipped retry clears a failure', ofAll(({ last }) => (last === 'skipped' ? { failing: false } : {}))],
  ['a test that did not run counts as skipped', ofAll(() => ({ skip: 'skipped' }))],
  ['an interrupted test counts as skipped', ofAll(({ last }) => (last === 'interrupted' ? { last: 'skipped' } : {}))],
  ['wrong data is forgotten', ofAll(() => ({ invariant: false }))],
  ['errors outside of tests are forgotten', (facts) => ({ ...facts, hasErrors: false })],
  ['flaky tests never fail a run', (facts) => ({ ...facts, failOnFlakyTests: false })],
  ['any number of tests may be inconclusive', (facts) => ({ ...facts, maxInconclusive: 1 })],
  ['nothing chosen is right', (facts) => ({ ...facts, selection: undefined })],
  [
    'a part of the selection may name nothing',
    (facts) => ({ ...facts, selection: facts.selection && { ...facts.selection, unmatched: [] } }),
  ],
  ['what stopped the run is forgotten', (facts) => ({ ...facts, stop: undefined })],
])('the model notices a rule by which %s', (_, mutate) => {
  expect(firstDisagreement(mutate)).toBeDefined();
});

function judge(told: readonly Partial<ToldTest>[], other: Partial<ToldRun> = {}): RunVerdict {
  const tests = told.map((each): ToldTest => ({
    title: '',
    expected: 'passed',
    attempts: [],
    quarantined: false,
    ...each,
  }));
  return judgeRun(
    factsOf({
      tests,
      errorsOutside: 0,
      unloaded: false,
      allowed: { noTests: false, emptyShard: false, unchanged: false },
      failOnFlaky: false,
      maxInconclusive: 0,
      overloaded: false,
      ...other,
    }),
  );
}

test('why a run failed is said once, and only where nothing else says it', () => {
  const missing: Partial<ToldTest> = { skip: 'did not run' };
  const failed: Partial<ToldTest> = { attempts: [{ status: 'failed' }] };
  expect(judge([missing, missing])).toMatchObject({
    status: 'failed',
    exitCode: 1,
    reasons: [{ message: '2 tests did not run, though nothing stopped the run' }],
  });
  expect(judge([missing, failed])).toMatchObject({ exitCode: 1, reasons: [] });
  expect(judge([missing], { errorsOutside: 1 })).toMatchObject({ exitCode: 1, reasons: [] });
  expect(judge([missing], { stop: { kind: 'signal', exitCode: 130 } })).toMatchObject({
    status: 'interrupted',
    exitCode: 130,
    reasons: [],
  });
  expect(judge([missing], { stop: { kind: 'timeout' } })).toMatchObject({ status: 'timedout', exitCode: 1 });
});

test('nothing chosen is an error but for three exceptions, each of which says why', () => {
  expect(judge([])).toMatchObject({ exitCode: 1, reasons: [{ message: 'No tests found' }], note: undefined });
  for (const [name, why] of Object.entries({
    noTests: '--pass-with-no-tests',
    emptyShard: 'other shards',
    unchanged: '--only-changed',
  })) {
    const allowed = { noTests: false, emptyShard: false, unchanged: false, [name]: true };
    expect(judge([], { allowed })).toMatchObject({ status: 'passed', exitCode: 0, reasons: [] });
    expect(judge([], { allowed }).note).toContain(why);
  }
});

test('repetitions stand for themselves: one that passes makes an earlier failure flaky, whichever comes last', () => {
  const story = createStory(false, true);
  addAttempt(story, { status: 'passed', errors: [] }, 'passed');
  addAttempt(story, { status: 'failed', errors: [{}] }, 'passed');
  expect(verdictOfStory(story)).toBe('flaky');
  expect(countVerdicts([story, createStory(true, false)])).toMatchObject({ flaky: 1, quarantined: 1, failed: 0 });
});
