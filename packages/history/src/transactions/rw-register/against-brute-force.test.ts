import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { History } from '../../history.js';
import type { Operation, OperationType } from '../../operation.js';
import { FUZZ_TIMEOUT_MS, fuzzRuns } from '../../fuzz.test.helper.js';
import { decideLevels, decideSnapshotLevels, withSessions } from '../serial-orders.test.fixture.js';
import { checkRwRegister } from './check-rw-register.js';

interface Plan {
  readonly steps: readonly { readonly key: string; readonly write: boolean; readonly seen: number }[];
  readonly type: OperationType;
  readonly invoked: number;
  readonly length: number;
}

const plan: fc.Arbitrary<Plan> = fc.record({
  steps: fc.array(fc.record({ key: fc.constantFrom('x', 'y'), write: fc.boolean(), seen: fc.nat(3) }), {
    minLength: 1,
    maxLength: 3,
  }),
  type: fc.constantFrom<OperationType>('ok', 'ok', 'ok', 'ok', 'ok', 'info', 'fail'),
  invoked: fc.nat(12),
  length: fc.integer({ min: 1, max: 9 }),
});

/**
 * A history that may be right or wrong: a read shows one of the values written to its key, or nothing; `readFirst`:
 * before every write.
 */
function build(plans: readonly Plan[], readFirst: boolean): History {
  const values = new Map<string, number[]>([
    ['x', []],
    ['y', []],
  ]);
  let next = 0;
  const written = plans.map(({ steps }) =>
    steps.map(({ key, write }) => (write ? values.get(key)!.push(++next) && next : 0)),
  );
  const operations = plans.map(({ steps, type, invoked, length }, process): Operation => {
    let own = new Map<string, number>();
    const value = steps.flatMap(({ key, write, seen }, at): [string, string, number | null][] => {
      const read: [string, string, number | null] = [
        'r',
        key,
        type === 'ok' ? (own.get(key) ?? (seen === 0 ? null : (values.get(key)![seen - 1] ?? null))) : null,
      ];
      if (!write) return [read];
      const hasOwn = own.has(key);
      own = new Map(own).set(key, written[process]![at]!);
      return [...(readFirst && !hasOwn ? [read] : []), ['w', key, written[process]![at]!]];
    });
    const completed = type === 'info' ? Infinity : (invoked + length) * 2 + 1;
    return {
      process,
      f: 'txn',
      type,
      value,
      invoked: invoked * 2,
      completed,
      invokedNs: invoked,
      completedNs: completed,
    };
  });
  return { operations: withSessions(operations), faults: [] };
}

const history = (readFirst: boolean, most: number): fc.Arbitrary<History> =>
  fc.array(plan, { minLength: 2, maxLength: most }).map((plans) => build(plans, readFirst));

describe('registers that are read before they are written, against every order', { timeout: FUZZ_TIMEOUT_MS }, () => {
  it('all levels are decided exactly, unknown outcomes included', () => {
    const seen = { right: 0, wrong: 0 };
    fc.assert(
      fc.property(history(true, 4), ({ operations, faults }) => {
        const expected = decideLevels(operations);
        seen[expected['serializable'] === true ? 'right' : 'wrong']++;
        expect(checkRwRegister({ operations, faults }).levels).toMatchObject(expected);
      }),
      fuzzRuns(500),
    );
    expect(Math.min(seen.right, seen.wrong)).toBeGreaterThan(50);
  });

  it('five transactions under snapshot isolation, too', () => {
    fc.assert(
      fc.property(history(true, 5), ({ operations, faults }) => {
        expect(checkRwRegister({ operations, faults }).levels).toMatchObject(decideSnapshotLevels(operations));
      }),
      fuzzRuns(100),
    );
  });
});
