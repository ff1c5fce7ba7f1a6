import { benjaminiHochberg, fisherExact, holm, quantile, rankSumTest } from '@chaos/stats';
import type { RunData, TestData } from '../runs/run-data.js';
import { MEASURES, passedAtOnce, runLevels } from './measures.js';

/** Share of wrong alarms for the measures of the whole suite together. */
const ALPHA_SUITE = 0.04;
/** Share of wrong alarms for single tests: both together stay below 5 %. */
const ALPHA_TESTS = 0.01;
/** Runs in each set from which on the smallest possible p value can be significant. */
export const FEWEST_RUNS = 5;

/** One measure of the whole suite, before and after. */
export interface SuiteDifference {
  readonly name: string;
  /** Pass rate: percent. Everything else: relative to both sets together, 1 = their mean. */
  readonly before: number;
  readonly after: number;
  /** Relative change, 0.2 = 20 % more; for the pass rate the difference in percentage points. */
  readonly change: number;
  /** Number of runs with a value, before and after. */
  readonly runs: readonly [number, number];
  /** Corrected for the number of measures (Holm). */
  readonly p: number;
  readonly significant: boolean;
}

/** A test that behaves differently. */
export interface TestDifference {
  readonly testId: string;
  readonly chaosId: string | undefined;
  readonly title: string;
  readonly what: 'pass rate' | 'duration';
  /** Passed and all runs, before and after. */
  readonly passed: readonly [readonly [number, number], readonly [number, number]];
  /** Median duration before and after, ms. */
  readonly medianMs: readonly [number | undefined, number | undefined];
  /** Corrected for the number of tests (Benjamini and Hochberg). */
  readonly p: number;
}

/** A test that failed in each run after and in none before, or the other way round: a fact, not yet a proof. */
export interface Changed {
  readonly testId: string;
  readonly chaosId: string | undefined;
  readonly title: string;
  readonly from: 'passed' | 'failed';
  readonly to: 'passed' | 'failed';
}

/** Comparison of two sets of runs. */
export interface Comparison {
  readonly schemaVersion: 1;
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** True if anything is significantly different; wrong in at most 5 % of comparisons of equal sets. */
  readonly different: boolean;
  readonly suite: readonly SuiteDifference[];
  readonly tests: readonly TestDifference[];
  readonly changed: readonly Changed[];
  /** Tests that only one of the sets has. */
  readonly onlyBefore: number;
  readonly onlyAfter: number;
  /** Reasons to doubt the comparison. */
  readonly warnings: readonly string[];
}

/**
 * Compares two sets of runs. A run is one observation: tests of the same run share its machine, so that they are not
 * independent of each other. Throws `RangeError` where a set is empty.
 */
export function compareRuns(before: readonly RunData[], after: readonly RunData[]): Comparison {
  if (before.length === 0 || after.length === 0)
    throw new RangeError(`Cannot compare: the sets have ${before.length} and ${after.length} runs`);
  const suite = suiteDifferences(before, after);
  const histories = byTest(before, after);
  const shared = [...histories.values()].filter(
    ({ before: left, after: right }) => left.length > 0 && right.length > 0,
  );
  const tests = testDifferences(shared);
  const count = (side: 'before' | 'after'): number =>
    [...histories.values()].filter((history) => history[side].length > 0).length - shared.length;
  return {
    schemaVersion: 1,
    before: before.map(({ runId }) => runId),
    after: after.map(({ runId }) => runId),
    different: tests.length > 0 || suite.some(({ significant }) => significant),
    suite,
    tests,
    changed: shared.flatMap(changedOf),
    onlyBefore: count('before'),
    onlyAfter: count('after'),
    warnings: warningsOf(before, after),
  };
}

function suiteDifferences(before: readonly RunData[], after: readonly RunData[]): readonly SuiteDifference[] {
  const rates = [before, after].map((runs) => runs.flatMap((run) => passRate(run) ?? []));
  const all = [...before, ...after];
  const levels = MEASURES.map((measure) => ({
    name: measure.name,
    values: [runLevels(before, all, measure), runLevels(after, all, measure)] as const,
  }));
  const rows = [{ name: 'pass rate', values: rates }, ...levels].filter(({ values }) =>
    values.every((side) => side.length > 0),
  );
  const corrected = holm(rows.map(({ values: [left, right] }) => rankSumTest(left!, right!)));
  return rows.map(({ name, values: [left, right] }, index) => {
    const isRate = name === 'pass rate';
    const [from, to] = [quantile(left!, 0.5), quantile(right!, 0.5)];
    return {
      name,
      before: isRate ? from : Math.exp(from),
      after: isRate ? to : Math.exp(to),
      change: isRate ? to - from : Math.expm1(to - from),
      runs: [left!.length, right!.length],
      p: corrected[index]!,
      significant: corrected[index]! <= ALPHA_SUITE,
    };
  });
}

interface History {
  readonly before: TestData[];
  readonly after: TestData[];
}

function byTest(before: readonly RunData[], after: readonly RunData[]): ReadonlyMap<string, History> {
  const histories = new Map<string, History>();
  for (const [side, runs] of [
    ['before', before],
    ['after', after],
  ] as const)
    for (const run of runs)
      for (const test of run.tests) {
        if (passedOf(test) === undefined) continue;
        const history = histories.get(test.test.id) ?? { before: [], after: [] };
        history[side].push(test);
        histories.set(test.test.id, history);
      }
  return histories;
}

function testDifferences(histories: readonly History[]): readonly TestDifference[] {
  const candidates = histories.flatMap((history) => {
    const { test } = history.after.at(-1)!;
    const sides = [history.before, history.after] as const;
    const passed = sides.map((side) => [side.filter(passedOf).length, side.length] as const);
    const durations = sides.map((side) => side.flatMap((each) => passedAtOnce(each)?.durationMs ?? []));
    const medians = durations.map((each) => (each.length === 0 ? undefined : quantile(each, 0.5)));
    const row = {
      testId: test.id,
      chaosId: test.chaosId,
      title: test.title,
      passed: [passed[0]!, passed[1]!] as const,
      medianMs: [medians[0], medians[1]] as const,
    };
    const slower = durations.every((each) => each.length > 0)
      ? [{ ...row, what: 'duration' as const, p: rankSumTest(durations[0]!, durations[1]!) }]
      : [];
    return [{ ...row, what: 'pass rate' as const, p: fisherExact(passed[0]!, passed[1]!) }, ...slower];
  });
  const corrected = benjaminiHochberg(candidates.map(({ p }) => p));
  return candidates
    .map((candidate, index): TestDifference => ({ ...candidate, p: corrected[index]! }))
    .filter(({ p }) => p <= ALPHA_TESTS)
    .sort((left, right) => left.p - right.p);
}

function changedOf({ before, after }: History): readonly Changed[] {
  const states = [before, after].map((side) => new Set(side.map((each) => passedOf(each))));
  const [from, to] = states.map((state) => (state.size === 1 ? [...state][0] : undefined));
  if (from === undefined || to === undefined || from === to) return [];
  const { id, chaosId, title } = after.at(-1)!.test;
  const word = (passed: boolean): 'passed' | 'failed' => (passed ? 'passed' : 'failed');
  return [{ testId: id, chaosId, title, from: word(from), to: word(to) }];
}

function passRate({ tests }: RunData): number | undefined {
  const told = tests.map(passedOf).filter((passed) => passed !== undefined);
  return told.length === 0 ? undefined : (100 * told.filter(Boolean).length) / told.length;
}

/**
 * True or false by the first attempt, because retries hide what is compared here; `undefined` where it told nothing.
 */
function passedOf({ attempts, verdict, test }: TestData): boolean | undefined {
  if (!['passed', 'failed', 'flaky'].includes(verdict)) return undefined;
  return attempts[0]?.status === test.expectedStatus;
}

function warningsOf(before: readonly RunData[], after: readonly RunData[]): readonly string[] {
  const distinct = (pick: (run: RunData) => string | undefined): readonly string[] => [
    ...new Set([...before, ...after].map((run) => pick(run) ?? 'unknown')),
  ];
  const warnings: string[] = [];
  const machines = distinct(({ place }) => place?.fingerprint);
  if (machines.length > 1) warnings.push(`the runs are of different machines: ${machines.join(', ')}`);
  const environments = distinct(({ config }) => config.environment);
  if (environments.length > 1) warnings.push(`the runs are of different environments: ${environments.join(', ')}`);
  const workers = distinct(({ config }) => String(config.runner.workers));
  if (workers.length > 1) warnings.push(`the runs had different numbers of workers: ${workers.join(', ')}`);
  const fewest = Math.min(before.length, after.length);
  if (fewest < FEWEST_RUNS)
    warnings.push(
      `${fewest} ${fewest === 1 ? 'run' : 'runs'} a side cannot show a difference of durations; ${FEWEST_RUNS} can`,
    );
  return warnings;
}
