import type { RetryPolicy, SlotFixtureReference } from '@chaos/spec';
import type { FedUnit } from '../elsewhere.js';
import { alone, claimsOf, sameClaims, type Claims } from './claims.js';
import type { PlannedTest } from './planned-test.js';

/** Tests that are dispatched together to one worker. */
export interface Job {
  readonly file: string;
  readonly tests: readonly PlannedTest[];
  /** All or nothing: stops at the first failure and is retried as a whole. */
  readonly serial: boolean;
  /** Claims held while it runs. */
  readonly claims: Claims;
  readonly slotNeeds: readonly string[];
  readonly slotFixtures: Readonly<Record<string, SlotFixtureReference>>;
  readonly retry: number;
  /** Earliest start (of {@link monotonicMs}), for delayed retries. */
  readonly notBeforeMs: number;
  /** Needs a fresh worker. */
  readonly fresh: boolean;
  /** `retry` counts repetitions of a stress run; each is independent. */
  readonly repeats: boolean;
  /** Nothing else runs in its worker, before or after. */
  readonly isolated: boolean;
  /** Its worker was lost before any test of it started. */
  readonly again: boolean;
}

/** Jobs that must run one after the other. */
export interface JobChain {
  readonly file: string;
  readonly jobs: Job[];
  /** Starts after everything else has started: for retries at the end. */
  readonly late?: boolean;
  /** What it was handed with, if it was. */
  readonly unit?: FedUnit;
  /** Chains of one tier are equally urgent. */
  readonly tier?: number;
}

// Enough tests that dispatching costs nothing, few enough to spread the end of a file over the workers.
const CHUNK = 32;

/** Divides tests (grouped by file, project and repetition) into chains. */
export function planJobChains(
  tests: readonly PlannedTest[],
  slotFixtures: (file: string) => Job['slotFixtures'],
): JobChain[] {
  const chains: JobChain[] = [];
  for (const ofFile of split(
    tests,
    (first, test) =>
      first.file === test.file && first.project === test.project && first.repeatEachIndex === test.repeatEachIndex,
  )) {
    const ordered: Job[] = [];
    for (const group of split(ofFile, travelTogether)) {
      const [first] = group as [PlannedTest];
      const job = createJob(first, group, slotFixtures(first.file));
      if (first.parallel) chains.push({ file: first.file, jobs: [job] });
      else ordered.push(job);
    }
    const [first] = ordered;
    if (first) chains.push({ file: first.file, jobs: ordered });
  }
  return chains;
}

/** A job for those tests of another job that have not started. */
export function restOf(job: Job, tests: readonly PlannedTest[]): Job {
  return { ...job, tests, notBeforeMs: 0, fresh: job.isolated, again: false };
}

/** A job that retries these tests. */
export function retryJob(
  job: Job,
  tests: readonly PlannedTest[],
  isolation: RetryPolicy['isolation'],
  notBeforeMs: number,
): Job {
  return {
    ...job,
    tests,
    retry: job.retry + 1,
    again: false,
    notBeforeMs,
    fresh: job.isolated || isolation !== 'same',
    claims: isolation === 'alone' ? alone(job.claims) : job.claims,
  };
}

function createJob(first: PlannedTest, tests: readonly PlannedTest[], slotFixtures: Job['slotFixtures']): Job {
  const isolate = tests.some((test) => test.isolate !== undefined);
  return {
    file: first.file,
    tests,
    serial: first.serial !== undefined,
    retry: 0,
    notBeforeMs: 0,
    repeats: false,
    again: false,
    slotFixtures,
    isolated: isolate,
    fresh: isolate,
    claims: claimsOf(tests),
    slotNeeds: [...new Set(tests.flatMap(({ slotNeeds }) => slotNeeds))],
  };
}

// A test that uses a slot gets its own job: the slot is reset before each.
function travelTogether(first: PlannedTest, test: PlannedTest, size: number): boolean {
  if (first.serial !== undefined || test.serial !== undefined) return first.serial === test.serial;
  if (first.isolate !== undefined || test.isolate !== undefined)
    return (
      first.isolate === test.isolate && sameClaims(first, test) && first.slotNeeds.length + test.slotNeeds.length === 0
    );
  return (
    !first.parallel &&
    !test.parallel &&
    size < CHUNK &&
    sameClaims(first, test) &&
    first.slotNeeds.length + test.slotNeeds.length === 0
  );
}

function split(
  tests: readonly PlannedTest[],
  together: (first: PlannedTest, test: PlannedTest, size: number) => boolean,
): PlannedTest[][] {
  const groups: PlannedTest[][] = [];
  for (const test of tests) {
    const last = groups.at(-1);
    if (last?.[0] && together(last[0], test, last.length)) last.push(test);
    else groups.push([test]);
  }
  return groups;
}
