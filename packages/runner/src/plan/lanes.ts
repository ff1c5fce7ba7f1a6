import type { RetryPolicy, SlotFixtureReference } from '@chaos/spec';
import { alone, claimsOf, sameClaims, type Claims } from './claims.js';
import type { PlannedTest } from './planned-test.js';

/** Tests that are dispatched together to one worker. */
export interface Unit {
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

/** Units that must run one after the other. */
export interface Lane {
  readonly file: string;
  readonly units: Unit[];
  /** Starts after everything else has started: for retries at the end. */
  readonly late?: boolean;
  /** Lanes of one tier are equally urgent. */
  readonly tier?: number;
}

// Enough tests that dispatching costs nothing, few enough to spread the end of a file over the workers.
const CHUNK = 32;

/** Divides tests (grouped by file, project and repetition) into lanes. */
export function planLanes(tests: readonly PlannedTest[], slotFixtures: (file: string) => Unit['slotFixtures']): Lane[] {
  const lanes: Lane[] = [];
  for (const ofFile of split(
    tests,
    (first, test) =>
      first.file === test.file && first.project === test.project && first.repeatEachIndex === test.repeatEachIndex,
  )) {
    const ordered: Unit[] = [];
    for (const group of split(ofFile, travelTogether)) {
      const [first] = group as [PlannedTest];
      const unit = createUnit(first, group, slotFixtures(first.file));
      if (first.parallel && !unit.serial) lanes.push({ file: first.file, units: [unit] });
      else ordered.push(unit);
    }
    const [first] = ordered;
    if (first) lanes.push({ file: first.file, units: ordered });
  }
  return lanes;
}

/** A unit for those tests of another unit that have not started. */
export function restOf(unit: Unit, tests: readonly PlannedTest[]): Unit {
  return { ...unit, tests, notBeforeMs: 0, fresh: unit.isolated, again: false };
}

/** A unit that retries these tests. */
export function retryUnit(
  unit: Unit,
  tests: readonly PlannedTest[],
  isolation: RetryPolicy['isolation'],
  notBeforeMs: number,
): Unit {
  return {
    ...unit,
    tests,
    retry: unit.retry + 1,
    again: false,
    notBeforeMs,
    fresh: unit.isolated || isolation !== 'same',
    claims: isolation === 'alone' ? alone(unit.claims) : unit.claims,
  };
}

function createUnit(first: PlannedTest, tests: readonly PlannedTest[], slotFixtures: Unit['slotFixtures']): Unit {
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

// A test that uses a slot gets its own unit: the slot is reset before each.
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
