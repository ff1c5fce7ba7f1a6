import { describe, expect, it } from 'vitest';
import { createRandom } from '@chaos/stats';
import type { Operation, OperationType } from '../../operation.js';
import { historyOf } from '../history.test.fixture.js';
import type { Short } from '../history.test.fixture.js';
import { isSerializable, isSnapshotIsolated } from '../serial-orders.test.fixture.js';
import { checkRwRegister } from './check-rw-register.js';

const levelsOf = (transactions: readonly (string | Short)[]): Readonly<Record<string, boolean>> =>
  checkRwRegister(historyOf(transactions)).levels;

describe('orders of writes that follow from reads are saturated', () => {
  it('a writer that has seen another wrote later', () => {
    const levels = levelsOf(['wa1 wb1', 'gb1 wa2 wc1', 'gc1 wc2 ga1']);
    expect(levels).toMatchObject({ serializable: false, 'snapshot-isolation': false, 'read-committed': true });
  });

  it('over several transactions in between', () => {
    const levels = levelsOf(['wa1 wb1', 'gb1 wc1', 'gc1 wd1', 'gd1 wa2 we1', 'ge1 ga1']);
    expect(levels).toMatchObject({ serializable: false, 'snapshot-isolation': false });
  });

  it('where neither order of two writes is possible', () => {
    // Each of two readers saw the other value after a mark of the first.
    const levels = levelsOf(['wa1 wb1', 'wa2 wc1', 'gb1 gc1 ga1', 'gb1 gc1 ga2']);
    expect(levels).toMatchObject({ serializable: false, 'snapshot-isolation': false });
    const { anomalies } = checkRwRegister(historyOf(['wa1 wb1', 'wa2 wc1', 'gb1 gc1 ga1', 'gb1 gc1 ga2']));
    expect(anomalies.map(({ message }) => message).join()).toContain('can have come first');
  });

  it('by the order of a process, only where that counts', () => {
    const transactions: Short[] = [
      { steps: 'wa1', process: 1, at: [0, 1] },
      { steps: 'wa2 wb1', process: 1, at: [2, 3] },
      { steps: 'gb1 ga1', process: 2, at: [0, 9] },
    ];
    expect(levelsOf(transactions)).toMatchObject({ serializable: true, 'strong-session-snapshot-isolation': false });
  });

  it('a commit of unknown outcome whose write was read is a commit', () => {
    const unknown: Short = { steps: 'gb_ wb1 ga_ wa2', type: 'info', at: [12, 13] };
    const { levels, anomalies } = checkRwRegister(historyOf([{ steps: 'gb_ wb3', at: [0, 9] }, unknown, 'gb3 ga2']));
    expect(levels).toMatchObject({ serializable: false, 'snapshot-isolation': false, 'read-atomic': false });
    expect(anomalies[0]?.type).toBe('fractured-read');
  });

  it('and writes of known order, or whose order does not matter, stay valid', () => {
    expect(levelsOf(['wa1 wb1', 'gb1 wa2 wc1', 'gc1 ga2'])).toMatchObject({ 'strict-serializable': true });
    expect(levelsOf(['wa1', 'wa2', 'wa3', 'ga2', 'ga1'])).toMatchObject({ 'strict-serializable': true });
  });
});

const SEEDS = Number(process.env['FUZZ_SEEDS'] ?? 1500);

/** A history that may be right or wrong: a read shows what was written to its key, its own first, or nothing. */
function build(seed: number): Operation[] {
  const random = createRandom('orders', `${seed}`);
  let next = 0;
  const written = new Map<string, (number | null)[]>(['x', 'y', 'z'].map((key) => [key, [null]]));
  const plans = Array.from({ length: random.integer(2, 4) }, () =>
    Array.from({ length: random.integer(1, 3) }, (): [string, string, number | null] => {
      const key = random.pick(['x', 'y', 'z']);
      if (random.next() < 0.5) return ['r', key, null];
      written.get(key)!.push(++next);
      return ['w', key, next];
    }),
  );
  const operations = plans.map((steps, process): Operation => {
    const type = random.pick<OperationType>(['ok', 'ok', 'ok', 'ok', 'ok', 'info', 'fail']);
    const seen = new Map<string, number | null>();
    const value = steps.map(([f, key, given]): [string, string, number | null] => {
      if (f === 'w') seen.set(key, given);
      else if (!seen.has(key)) seen.set(key, random.pick(written.get(key)!));
      return [f, key, f === 'w' ? given : type === 'ok' ? seen.get(key)! : null];
    });
    const invoked = random.integer(0, 12) * 2;
    const completed = type === 'info' ? Infinity : invoked + 1 + random.integer(0, 9) * 2;
    return { process, f: 'txn', type, value, invoked, completed, invokedNs: invoked, completedNs: completed };
  });
  return operations.toSorted((a, b) => a.invoked - b.invoked);
}

it(`blind writes with unknown outcomes are decided exactly, ${SEEDS} histories`, { timeout: 1_800_000 }, () => {
  const counts = { right: 0, wrong: 0 };
  for (let seed = 0; seed < SEEDS; seed++) {
    const operations = build(seed);
    const { levels } = checkRwRegister({ operations, faults: [] });
    const expected = {
      serializable: isSerializable(operations, { strict: false }),
      'strict-serializable': isSerializable(operations, { strict: true }),
      'snapshot-isolation': isSnapshotIsolated(operations, { strong: false }),
      'strong-snapshot-isolation': isSnapshotIsolated(operations, { strong: true }),
    };
    counts[expected.serializable ? 'right' : 'wrong']++;
    for (const [level, holds] of Object.entries(expected))
      if (levels[level as keyof typeof levels] !== holds)
        expect.fail(`seed ${seed}: ${level} is ${holds}\n${operations.map((one) => JSON.stringify(one)).join('\n')}`);
  }
  expect(Math.min(counts.right, counts.wrong)).toBeGreaterThan(SEEDS / 20);
});
