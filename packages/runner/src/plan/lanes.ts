import type { RetryPolicy, SlotFixtureReference } from '@chaos/spec';
import { alone, claimsOf, sameClaims, type Claims } from './claims.js';
import type { PlannedTest } from './planned-test.js';

/** Tests that are dispatched together to one worker. */
export interface Unit {
  readonly file: string;
  readonly tests: readonly PlannedTest[];
  /** All or nothing: stops at the first failure and is retried whole. */
  readonly serial: boolean;
  /** Held while it runs. */
  readonly claims: Claims;
  readonly slotNeeds: readonly string[];
  readonly slotFixtures: Readonly<Record<string, SlotFixtureReference>>;
  readonly retry: number;
  /** Not before this time (of {@link monotonicMs}): the delay of a retry. */
  readonly notBeforeMs: number;
  /** In a worker that has run nothing before. */
  readonly fresh: boolean;
  /** `retry` counts repetitions of a stress run, each of which stands for itself. */
  readonly repeats: boolean;
  /** Nothing else runs in its worker, before or after. */
  readonly isolated: boolean;
  /** Its worker was lost before any of it had begun. */
  readonly again: boolean;
}

/** Units that must run one after the other. */
export interface Lane {
  readonly file: string;
  readonly units: Unit[];
  /** Not before everything else has begun: retries that wait for the end. */
  readonly late?: boolean;
  /** Those of one tier are equally urgent. */
  readonly tier?: number;
}

// Enough to make dispatching free, few enough to spread a file's end over the workers.
const CHUNK = 32;

/** Cuts tests (of one file, project and repetition after the other) into lanes. */
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

/** A unit for the tests of another that it has not begun. */
export function restOf(unit: Unit, tests: readonly PlannedTest[]): Unit {
  return { ...unit, tests, notBeforeMs: 0, fresh: unit.isolated, again: false };
}

/** A unit for another try of these tests. */
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

// A test that uses a slot travels alone: the slot is reset before each.
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
