import type { SlotFixtureReference } from '@chaos/spec';
import type { LoadedFile, LoadedTest } from '../ipc/messages.js';

/** Tests that are dispatched together to one worker. */
export interface Unit {
  readonly file: string;
  readonly tests: readonly LoadedTest[];
  /** All or nothing: stops at the first failure and is retried whole. */
  readonly serial: boolean;
  /** Held exclusively while it runs. */
  readonly locks: readonly string[];
  readonly slotNeeds: readonly string[];
  readonly slotFixtures: Readonly<Record<string, SlotFixtureReference>>;
  readonly retry: number;
  /** Not before this time (milliseconds since the epoch): the delay of a retry. */
  readonly notBeforeMs: number;
}

/** Units that must run one after the other. */
export interface Lane {
  readonly file: string;
  readonly units: Unit[];
}

// Enough to make dispatching free, few enough to spread a file's end over the workers.
const CHUNK = 32;

/** Cuts the chosen tests into lanes. What needs the machine to itself comes last, so that the rest can run side by side before it. */
export function planLanes(files: readonly { readonly file: LoadedFile; readonly tests: readonly LoadedTest[] }[]): Lane[] {
  const lanes: Lane[] = [];
  for (const { file, tests } of files) {
    const ordered: Unit[] = [];
    for (const group of groups(tests)) {
      const unit = createUnit(file, group, group[0]?.serial !== undefined);
      if (group[0]?.parallel && !unit.serial) lanes.push({ file: file.file, units: [unit] });
      else ordered.push(unit);
    }
    if (ordered.length > 0) lanes.push({ file: file.file, units: ordered });
  }
  const exclusive = (lane: Lane): boolean => lane.units.some(({ locks }) => locks.length > 0);
  return [...lanes.filter((lane) => !exclusive(lane)), ...lanes.filter(exclusive)];
}

/** A unit for another try of these tests. */
export function retryUnit(unit: Unit, tests: readonly LoadedTest[], retry: number, notBeforeMs: number): Unit {
  return { ...unit, tests, retry, notBeforeMs };
}

function createUnit(file: LoadedFile, tests: readonly LoadedTest[], serial: boolean): Unit {
  return {
    file: file.file, tests, serial, retry: 0, notBeforeMs: 0, slotFixtures: file.slotFixtures,
    locks: [...new Set(tests.flatMap(({ locks }) => locks))],
    slotNeeds: [...new Set(tests.flatMap(({ slotNeeds }) => slotNeeds))],
  };
}

// Consecutive tests that may travel together. A test that uses a slot travels alone: the slot is reset before each.
function groups(tests: readonly LoadedTest[]): LoadedTest[][] {
  const result: LoadedTest[][] = [];
  for (const test of tests) {
    const last = result.at(-1);
    const first = last?.[0];
    const sameSerial = first?.serial !== undefined && first.serial === test.serial;
    const alike = first !== undefined && first.serial === test.serial && !first.parallel && !test.parallel && first.locks.join() === test.locks.join() && first.slotNeeds.length + test.slotNeeds.length === 0;
    if (last && (sameSerial || (alike && last.length < CHUNK))) last.push(test);
    else result.push([test]);
  }
  return result;
}
