import type { Attempt, SerializedError } from '@chaos/spec';
import { lastUnexpected } from '../runs/failures.js';
import type { RunData, TestData } from '../runs/run-data.js';
import type { Arm, ArmResult } from './arm.js';

/** A failed test with all evidence on its failure. */
export interface Suspect {
  readonly data: TestData;
  /** The attempt that is explained. */
  readonly failure: Attempt;
  /** The target had a variant in the run, so that the target without it is a reference. */
  readonly hasReference: boolean;
  /** Other tests ran in the same run. */
  readonly hasNeighbours: boolean;
  /** Earlier runs of the test on the same machine and with the same environment. */
  readonly history: { readonly passed: number; readonly failed: number };
  readonly arms: Readonly<Partial<Record<Arm, ArmResult>>>;
}

/** The failed tests of a run; `earlier` are other runs, any of them. */
export function suspectsOf(run: RunData, earlier: readonly RunData[]): readonly Suspect[] {
  return run.tests.flatMap((data) => {
    const failure = data.verdict === 'failed' || data.verdict === 'flaky' ? lastUnexpected(data) : undefined;
    if (failure === undefined) return [];
    return [
      {
        data,
        failure,
        hasReference: run.variant !== undefined,
        hasNeighbours: run.tests.some(({ test, attempts }) => test.id !== data.test.id && attempts.length > 0),
        history: historyOf(data.test.id, run, earlier),
        arms: {},
      },
    ];
  });
}

/** Adds attempts under an arm to the evidence. Attempts that told nothing, such as interrupted ones, do not count. */
export function withAttempts(suspect: Suspect, arm: Arm, attempts: readonly Attempt[]): Suspect {
  const before = suspect.arms[arm] ?? { failed: 0, runs: 0, overloaded: 0, wrongData: 0 };
  // Inconclusive because a limit was stretched is a pass under stretched limits.
  const told = attempts.filter(
    ({ status, inconclusive }) => status !== 'interrupted' && (status !== 'skipped' || inconclusive !== undefined),
  );
  const count = (is: (attempt: Attempt) => boolean): number => told.filter(is).length;
  const failed = (attempt: Attempt): boolean => attempt.status === 'failed' || attempt.status === 'timedOut';
  return {
    ...suspect,
    arms: {
      ...suspect.arms,
      [arm]: {
        failed: before.failed + count(failed),
        runs: before.runs + told.length,
        overloaded: before.overloaded + count(({ machine }) => machine?.overloaded === true),
        wrongData: before.wrongData + count(({ failureClass }) => failureClass === 'invariant'),
      },
    },
  };
}

/** First error of the failure. */
export function firstError({ failure }: Pick<Suspect, 'failure'>): SerializedError | undefined {
  return failure.errors[0];
}

const TIMING =
  /\btim(?:ed?|ing)[ -]?out|\bwithin\b|\btook\b|\bslow(?:er)?\b|\blatenc|\brecover|\bdeadline|\d ?ms\b|\bp9\d/i;

/** True for a failure that more time could have prevented: a time-out, a latency, a recovery that took too long. */
export function isTiming({ failure }: Pick<Suspect, 'failure'>): boolean {
  if (failure.status === 'timedOut' || failure.failureClass === 'timeout') return true;
  const [error] = failure.errors;
  const failed = (outcomes: readonly (keyof Attempt['loads'][number]['counts'])[]): number =>
    failure.loads.reduce((sum, { counts }) => sum + outcomes.reduce((all, outcome) => all + counts[outcome], 0), 0);
  // A target that refuses is not slow, though some of its answers may be late.
  if (failed(['timeout']) > failed(['wrong', 'rejected', 'unavailable', 'unknown'])) return true;
  return TIMING.test(error?.message ?? '') || error?.cause?.name === 'TimeoutError';
}

/** Reason why the machine may explain the failure; `undefined` where its readings were fine. */
export function machineTrouble({ failure }: Pick<Suspect, 'failure'>): string | undefined {
  const { machine, samples, durationMs } = failure;
  const waited = Math.max(0, ...Object.values(machine?.runQueueWaitMs ?? {}));
  const throttled = samples?.scopes['host']?.['throttledRatio']?.mean ?? 0;
  if (machine?.overloaded === true) return `the machine was overloaded: ${machine.overloadReason ?? 'no reason given'}`;
  if (throttled > 0.05) return `our cgroup was throttled in ${Math.round(100 * throttled)} % of the periods`;
  if (waited > 0.5 * durationMs && waited > 200)
    return `a main thread waited ${Math.round(waited)} of ${Math.round(durationMs)} ms for a CPU`;
  return undefined;
}

function historyOf(testId: string, run: RunData, earlier: readonly RunData[]): Suspect['history'] {
  let passed = 0;
  let failed = 0;
  for (const other of earlier) {
    if (other.runId === run.runId || other.config.environment !== run.config.environment) continue;
    if (other.variant !== undefined || other.place?.fingerprint !== run.place?.fingerprint) continue;
    const verdict = other.tests.find(({ test }) => test.id === testId)?.verdict;
    if (verdict === 'passed') passed++;
    else if (verdict === 'failed' || verdict === 'flaky') failed++;
  }
  return { passed, failed };
}
