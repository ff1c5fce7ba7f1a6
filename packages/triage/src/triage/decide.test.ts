import { describe, expect, test } from 'vitest';
import { attempt, runData, testData } from '../fixture.test.fixture.js';
import type { Attempt } from '@chaos/spec';
import type { TestData } from '../runs/run-data.js';
import type { Arm } from './arm.js';
import { decide } from './decide.js';
import type { Tag } from './decision.js';
import { nextArm } from './next-arm.js';
import { suspectsOf, withAttempts, type Suspect } from './suspect.js';

/** How a failing situation behaves: the share of failures under each arm; 0 where it is not named. */
type Situation = Partial<Record<Arm, boolean>> & { readonly failure?: Partial<Attempt>; readonly variant?: string };

const LOAD = {
  counts: { ok: 1, wrong: 0, rejected: 0, unavailable: 0, timeout: 0, unknown: 0 },
} as Attempt['loads'][number];
const TIMED: Partial<Attempt> = {
  failureClass: 'timeout',
  status: 'timedOut',
  errors: [{ message: 'Test timeout of 100ms exceeded' }],
};
const ASSERTED: Partial<Attempt> = {
  failureClass: 'assertion',
  errors: [{ message: 'expect(received).toBe(expected)' }],
};
const OVERLOADED: Partial<Attempt> = {
  machine: { overloaded: true, overloadReason: 'others use 2 CPUs', runQueueWaitMs: {} },
};

function explain({ failure = ASSERTED, variant, ...arms }: Situation): { tag: Tag; asked: Arm[]; suspect: Suspect } {
  const run = runData([testData('a', 'failed', failure), testData('b', 'passed')], { variant });
  let [suspect] = suspectsOf(run, []) as [Suspect];
  const asked: Arm[] = [];
  for (let arm = nextArm(suspect); arm !== undefined; arm = nextArm(suspect)) {
    asked.push(arm);
    expect(asked.length, asked.join()).toBeLessThan(30);
    const again = attempt(arms[arm] === true ? { ...failure, status: 'failed' } : { machine: failure.machine! });
    suspect = withAttempts(suspect, arm, [again]);
  }
  return { tag: decide(suspect).tag, asked, suspect };
}

describe('wrong data is a bug, whatever happens to it', () => {
  test('in the run: nothing is run again', () => {
    const { tag, asked } = explain({ failure: { failureClass: 'invariant', ...OVERLOADED } });
    expect([tag, asked]).toEqual(['POTENTIAL_BUG', []]);
  });

  test('in a rerun', () => {
    const [suspect] = suspectsOf(runData([testData('a', 'failed', ASSERTED)]), []) as [Suspect];
    const wrong = attempt({ status: 'failed', failureClass: 'invariant' });
    const after = withAttempts(suspect, 'load x4', [wrong]);
    expect(decide(after)).toMatchObject({ tag: 'POTENTIAL_BUG', confidence: 0.99 });
    expect(nextArm(after)).toBeUndefined();
  });
});

test.each<[string, Situation, Tag]>([
  [
    'passes on the target without the variant',
    { 'same again': true, variant: 'broken', 'time-outs x4': false },
    'POTENTIAL_BUG',
  ],
  [
    'slow on the variant only: no matter of limits',
    { 'same again': true, variant: 'slow', failure: TIMED },
    'POTENTIAL_BUG',
  ],
  [
    'fails on every version of the target',
    { 'same again': true, reference: true, 'other seed': true, 'time-outs x4': true, variant: 'x' },
    'TEST_DESIGN',
  ],
  ['passes with more time', { 'same again': true, failure: TIMED }, 'TUNING_NEEDED'],
  ['passes with another seed', { 'same again': true, 'time-outs x4': true }, 'TEST_DESIGN'],
  [
    'passes with half the load, by time-outs',
    { 'same again': true, 'time-outs x4': true, 'other seed': true, failure: { ...TIMED, loads: [LOAD] } },
    'TUNING_NEEDED',
  ],
  [
    'passes with half the load, without a limit of time',
    { 'same again': true, 'time-outs x4': true, 'other seed': true, failure: { ...ASSERTED, loads: [LOAD] } },
    'POTENTIAL_BUG',
  ],
  ['fails after other tests only', { 'with neighbours': true }, 'TEST_DESIGN'],
  [
    'failed while the machine was overloaded',
    { failure: { ...TIMED, ...OVERLOADED }, 'CPU busy': true },
    'ENVIRONMENT',
  ],
  [
    'is slow on a machine that is overloaded still',
    { 'same again': true, 'time-outs x4': false, failure: { ...TIMED, ...OVERLOADED } },
    'ENVIRONMENT',
  ],
  [
    'fails with whatever is changed',
    { 'same again': true, 'time-outs x4': true, 'other seed': true, 'load x0.5': true },
    'POTENTIAL_BUG',
  ],
  [
    'the disk is full',
    { failure: { failureClass: 'environment', errors: [{ message: 'x', code: 'ENOSPC' }] } },
    'ENVIRONMENT',
  ],
  [
    'a capability is missing',
    { failure: { failureClass: 'environment', errors: [{ message: 'x', cause: { code: 'CAPABILITY_MISSING' } }] } },
    'ENVIRONMENT',
  ],
  [
    'a fault was left in force',
    { failure: { failureClass: 'fault', errors: [{ message: 'x', code: 'FAULT_UNHEALED' }] } },
    'TEST_DESIGN',
  ],
])('%s', (_name, situation, tag) => {
  expect(explain(situation).tag).toBe(tag);
});

test('it stops as soon as it knows', () => {
  expect(explain({ 'same again': true, variant: 'x' }).asked).toEqual(['same again', 'reference', 'reference']);
  expect(explain({ failure: { errors: [{ code: 'USAGE' }] } }).asked).toEqual([]);
});

test('a question that is still open clears nobody', () => {
  const overloaded = runData([testData('a', 'failed', { ...TIMED, ...OVERLOADED })], { variant: 'x' });
  const [suspect] = suspectsOf(overloaded, []) as [Suspect];
  const failure = attempt({ status: 'failed', ...OVERLOADED });
  const again = withAttempts(suspect, 'same again', [failure, failure]);
  expect(decide(again)).toMatchObject({ tag: 'POTENTIAL_BUG', confidence: 0.4 });
});

test('a failure that cannot be repeated is not called harmless', () => {
  expect(explain({})).toMatchObject({ tag: 'POTENTIAL_BUG' });
});

test('evidence begins with the reason and has the count of each arm', () => {
  const { suspect } = explain({ 'same again': true, variant: 'x' });
  expect(decide(suspect).evidence).toEqual([
    'the same test passes on the target without the variant',
    'assertion: expect(received).toBe(expected)',
    'same again: failed 1 of 1',
    'reference: failed 0 of 2',
  ]);
});

test('a test that was to fail and passed, or ran out of time, is explained without a rerun', () => {
  const expected = (fields: Partial<Attempt>): TestData => {
    const data = testData('a', 'failed', fields);
    return { ...data, test: { ...data.test, expectedStatus: 'failed' } };
  };
  const wrongly = { status: 'passed', errors: [{ message: 'Expected to fail, but passed.' }] } as const;
  for (const [data, because] of [
    [expected(wrongly), /it passed: what it waited for is mended/],
    [expected(TIMED), /ran out of time instead/],
    // It said so only while it ran.
    [testData('a', 'failed', wrongly), /it passed/],
  ] as const) {
    const [suspect] = suspectsOf(runData([data]), []) as [Suspect];
    expect(nextArm(suspect)).toBeUndefined();
    expect(decide(suspect)).toMatchObject({ tag: 'TEST_DESIGN', because: expect.stringMatching(because) as string });
  }
  const failed = expected(ASSERTED);
  expect(suspectsOf(runData([{ ...failed, verdict: 'passed' }]), [])).toEqual([]);
});
