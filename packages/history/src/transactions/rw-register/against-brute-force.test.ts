import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { History } from '../../history.js';
import type { Operation, OperationType } from '../../operation.js';
import { isSerializable, isSnapshotIsolated } from '../serial-orders.test.fixture.js';
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
  return { operations: operations.toSorted((a, b) => a.invoked - b.invoked), faults: [] };
}

const history = (readFirst: boolean, most: number): fc.Arbitrary<History> =>
  fc.array(plan, { minLength: 2, maxLength: most }).map((plans) => build(plans, readFirst));
const RUNS = 3000;

describe('against every serial order', { timeout: 120_000 }, () => {
  it('read-modify-write registers are decided exactly', () => {
    const seen = { right: 0, wrong: 0 };
    const withoutInfo = history(true, 5).filter(({ operations }) => operations.every(({ type }) => type !== 'info'));
    fc.assert(
      fc.property(withoutInfo, ({ operations, faults }) => {
        const { levels } = checkRwRegister({ operations, faults });
        const expected = isSerializable(operations, { strict: false });
        seen[expected ? 'right' : 'wrong']++;
        expect(levels.serializable).toBe(expected);
        expect(levels['strict-serializable']).toBe(isSerializable(operations, { strict: true }));
      }),
      { numRuns: RUNS },
    );
    expect(Math.min(seen.right, seen.wrong)).toBeGreaterThan(200);
  });

  it('read-modify-write registers under snapshot isolation are decided exactly', () => {
    const withoutInfo = history(true, 4).filter(({ operations }) => operations.every(({ type }) => type !== 'info'));
    fc.assert(
      fc.property(withoutInfo, ({ operations, faults }) => {
        const { levels } = checkRwRegister({ operations, faults });
        expect(levels['snapshot-isolation']).toBe(isSnapshotIsolated(operations, { strong: false }));
        expect(levels['strong-snapshot-isolation']).toBe(isSnapshotIsolated(operations, { strong: true }));
      }),
      { numRuns: RUNS },
    );
  });

  it.each([true, false])('what is right is never called wrong (reads first: %s)', (readFirst) => {
    fc.assert(
      fc.property(history(readFirst, 4), ({ operations, faults }) => {
        const { levels } = checkRwRegister({ operations, faults });
        if (isSerializable(operations, { strict: false })) expect(levels.serializable).toBe(true);
        if (isSerializable(operations, { strict: true })) expect(levels['strict-serializable']).toBe(true);
        if (isSnapshotIsolated(operations, { strong: false })) expect(levels['snapshot-isolation']).toBe(true);
        if (isSnapshotIsolated(operations, { strong: true })) expect(levels['strong-snapshot-isolation']).toBe(true);
      }),
      { numRuns: RUNS },
    );
  });
});
