import { ExitCode, type RunStatus, type SerializedError } from '@chaos/spec';
import { verdictOfStory, type TestStory, type TestVerdict } from './test-story.js';

/** Early end of a run, other than by failures. */
export type Stop =
  | { readonly kind: 'signal'; readonly exitCode: number }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'environment'; readonly exitCode: number };

/** Result of a selection. */
export interface Found {
  /** Number of tests, without those of projects that are only dependencies. */
  readonly count: number;
  /** There are tests, but all of them belong to other shards. */
  readonly isEmptyShard: boolean;
  /** Parts of the selection that name no test, as the user wrote them. */
  readonly unmatched: readonly string[];
  /** True if `--only-changed` is the only reason that nothing was selected. */
  readonly isUnchanged: boolean;
}

/** Number of selected tests, and conditions under which none is acceptable. */
export interface Selection extends Found {
  /** Description of the search. */
  readonly lookedFor: string;
  /** Help for a project without any test; empty if there may be some. */
  readonly advice: string;
  readonly passWithNoTests: boolean;
}

/** All inputs of the verdict of a run. */
export interface RunFacts {
  readonly tests: Iterable<TestStory>;
  /** True if there were errors outside of tests: in hooks, fixtures, set-up, teardown or reporters. */
  readonly hasErrors: boolean;
  readonly stop: Stop | undefined;
  /** `undefined` if loading or selecting the tests failed. */
  readonly selection: Selection | undefined;
  readonly failOnFlakyTests: boolean;
  /** Share of the tests that may be inconclusive, 0 to 1. */
  readonly maxInconclusive: number;
  /** The machine was overloaded, and `monitor.policy` is `fail`. */
  readonly overloaded: boolean;
}

/** The verdict of a run. */
export interface RunVerdict {
  readonly status: RunStatus;
  readonly exitCode: number;
  /** Reasons for the failure that no failed test or error shows already. */
  readonly reasons: readonly SerializedError[];
  /** Reason why it passed although no test was selected. */
  readonly note: string | undefined;
}

/**
 * Decides whether a run passed; no other code does. It passed only if no error occurred outside of tests, nothing
 * stopped it, and the final verdict of every selected test is `expected`, `flaky` (unless flaky tests fail the run),
 * `skipped`, `inconclusive` (within its share) or `quarantined`. No selected tests is a failure, with three exceptions.
 */
export function judgeRun(facts: RunFacts): RunVerdict {
  const counts = countVerdicts(facts.tests);
  const { stop, hasErrors, selection } = facts;
  const isEmpty = selection?.count === 0;
  const excuse = isEmpty ? excuseOf(selection) : undefined;
  const reasons = [
    ...(isEmpty && excuse === undefined
      ? [{ message: `No tests found${selection.lookedFor}${selection.advice}` }]
      : []),
    ...(isEmpty ? [] : unmatched(selection)),
    ...tooInconclusive(counts, facts.maxInconclusive),
    ...(facts.overloaded
      ? [{ message: 'Others kept this machine so busy that timing means nothing (monitor.policy is fail)' }]
      : []),
    ...tooFlaky(counts.flaky, facts.failOnFlakyTests),
  ];
  const missing = counts['did not run'] + counts.interrupted;
  // A failed test, an error or a stop already explains the tests that did not run.
  if (missing > 0 && counts.failed === 0 && !hasErrors && reasons.length === 0 && stop === undefined)
    reasons.push({
      message: `${missing} test${missing === 1 ? '' : 's'} did not run, though nothing stopped the run`,
      hint: 'The reasons stand in the summary. A test that has not run has not passed.',
    });
  const failed = counts.failed > 0 || missing > 0 || hasErrors || reasons.length > 0;
  return {
    status: statusOf(stop, failed),
    exitCode: exitCodeOf(stop, failed),
    reasons,
    note: excuse && `No tests found${selection?.lookedFor}: ${excuse}`,
  };
}

/** Counts tests by verdict. */
export function countVerdicts(tests: Iterable<TestStory>): Record<TestVerdict, number> {
  const counts = {
    expected: 0,
    flaky: 0,
    failed: 0,
    skipped: 0,
    inconclusive: 0,
    quarantined: 0,
    interrupted: 0,
    'did not run': 0,
  };
  for (const story of tests) counts[verdictOfStory(story)]++;
  return counts;
}

function unmatched(selection: Selection | undefined): readonly SerializedError[] {
  if (selection === undefined || selection.passWithNoTests) return [];
  return selection.unmatched.map((part) => ({
    message: `No tests found for ${part}`,
    hint: 'The other tests that were asked for have run. With --pass-with-no-tests this is no failure.',
  }));
}

function excuseOf({ passWithNoTests, isEmptyShard, isUnchanged }: Selection): string | undefined {
  if (passWithNoTests) return 'that is no failure with --pass-with-no-tests';
  if (isUnchanged) return 'nothing that they depend on has changed (--only-changed)';
  return isEmptyShard ? 'all of them belong to other shards' : undefined;
}

function tooInconclusive(counts: Record<TestVerdict, number>, most: number): readonly SerializedError[] {
  const { inconclusive } = counts;
  const all = counts.expected + counts.failed + counts.flaky + inconclusive;
  if (inconclusive === 0 || inconclusive / all <= most) return [];
  return [
    {
      message: `Too many tests were inconclusive: ${inconclusive} of ${all}, allowed are ${most * 100} %`,
      hint: 'Raise the load (CHAOS_LOAD_MULTIPLIER), or runner.max_inconclusive in chaos.yaml.',
    },
  ];
}

function tooFlaky(flaky: number, isFailure: boolean): readonly SerializedError[] {
  if (flaky === 0 || !isFailure) return [];
  return [{ message: `${flaky} test${flaky === 1 ? ' was' : 's were'} flaky, and runner.fail_on_flaky_tests is on` }];
}

function statusOf(stop: Stop | undefined, failed: boolean): RunStatus {
  if (stop?.kind === 'signal') return 'interrupted';
  if (stop?.kind === 'timeout') return 'timedout';
  return failed || stop !== undefined ? 'failed' : 'passed';
}

function exitCodeOf(stop: Stop | undefined, failed: boolean): number {
  if (stop !== undefined && stop.kind !== 'timeout') return stop.exitCode;
  return failed || stop !== undefined ? ExitCode.failed : ExitCode.passed;
}
