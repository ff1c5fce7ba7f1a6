import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { History } from '../../history.js';
import type { Operation, OperationType } from '../../operation.js';
import { FUZZ_TIMEOUT_MS, fuzzRuns } from '../../fuzz.test.helper.js';
import { decideSnapshotLevels, isSerializable, withSessions } from '../serial-orders.test.fixture.js';
import { checkListAppend } from './check-list-append.js';

const KEYS = ['x', 'y'];
interface Plan {
  readonly steps: readonly { readonly key: string; readonly append: boolean; readonly seen: number }[];
  readonly type: OperationType;
  readonly invoked: number;
  readonly length: number;
}

const plan: fc.Arbitrary<Plan> = fc.record({
  steps: fc.array(fc.record({ key: fc.constantFrom(...KEYS), append: fc.boolean(), seen: fc.nat(4) }), {
    minLength: 1,
    maxLength: 3,
  }),
  type: fc.constantFrom<OperationType>('ok', 'ok', 'ok', 'ok', 'ok', 'info', 'fail'),
  invoked: fc.nat(12),
  length: fc.integer({ min: 1, max: 9 }),
});

/**
 * A history that may be right or wrong: appends get an order at random, reads show the beginning of it, or else what
 * they like.
 */
function build(plans: readonly Plan[], order: readonly number[], final: boolean): History {
  let element = 0;
  const appended = new Map<string, number[]>();
  const withElements = plans.map(({ steps, ...rest }) => ({
    ...rest,
    steps: steps.map((step) => {
      if (!step.append) return { ...step, element: 0 };
      const own = ++element;
      appended.set(step.key, [...(appended.get(step.key) ?? []), own]);
      return { ...step, element: own };
    }),
  }));
  const rank = (one: number): number => order[one % order.length]! * 100 + one;
  const lists = new Map([...appended].map(([key, elements]) => [key, elements.toSorted((a, b) => rank(a) - rank(b))]));
  const operations = withElements.map(({ steps, type, invoked, length }, process): Operation => {
    const value = steps.map(({ key, append, element: own, seen }) =>
      append ? ['append', key, own] : ['r', key, type === 'ok' ? (lists.get(key) ?? []).slice(0, seen) : null],
    );
    return operation({ process, type, value, invoked: invoked * 2, completed: (invoked + length) * 2 + 1 });
  });
  if (final)
    operations.push(
      operation({
        process: 99,
        type: 'ok',
        value: KEYS.map((key) => ['r', key, lists.get(key) ?? []]),
        invoked: 1000,
        completed: 1001,
      }),
    );
  return { operations: withSessions(operations), faults: [] };
}

function operation({
  completed,
  ...rest
}: Pick<Operation, 'process' | 'type' | 'value' | 'invoked' | 'completed'>): Operation {
  const end = rest.type === 'info' ? Infinity : completed;
  return { ...rest, f: 'txn', completed: end, invokedNs: rest.invoked, completedNs: end };
}

const history = (final: boolean, most: number): fc.Arbitrary<History> =>
  fc
    .tuple(fc.array(plan, { minLength: 2, maxLength: most }), fc.array(fc.nat(9), { minLength: 1, maxLength: 5 }))
    .map(([plans, order]) => build(plans, order, final));

describe('lists against every order', { timeout: FUZZ_TIMEOUT_MS }, () => {
  it('serializable, in the order of sessions and of real time too, is decided exactly', () => {
    const seen = { right: 0, wrong: 0 };
    fc.assert(
      fc.property(history(false, 5), (history) => {
        const { levels } = checkListAppend(history);
        const expected = isSerializable(history.operations, 'plain');
        seen[expected ? 'right' : 'wrong']++;
        expect(levels).toMatchObject({
          serializable: expected,
          'strong-session-serializable': isSerializable(history.operations, 'session'),
          'strict-serializable': isSerializable(history.operations, 'realtime'),
        });
      }),
      fuzzRuns(500),
    );
    expect(Math.min(seen.right, seen.wrong)).toBeGreaterThan(50);
  });

  it('snapshot isolation is decided exactly where a last read shows every append', () => {
    const seen = { right: 0, wrong: 0 };
    fc.assert(
      fc.property(history(true, 4), (history) => {
        const expected = decideSnapshotLevels(history.operations);
        seen[expected['snapshot-isolation'] === true ? 'right' : 'wrong']++;
        expect(checkListAppend(history).levels).toMatchObject(expected);
      }),
      fuzzRuns(400),
    );
    expect(Math.min(seen.right, seen.wrong)).toBeGreaterThan(40);
  });

  it('without that, what snapshot isolation allows is never called wrong', () => {
    fc.assert(
      fc.property(history(false, 4), (history) => {
        const { levels } = checkListAppend(history);
        for (const [level, holds] of Object.entries(decideSnapshotLevels(history.operations)))
          if (holds) expect([level, levels[level as keyof typeof levels]]).toEqual([level, true]);
      }),
      fuzzRuns(400),
    );
  });
});
