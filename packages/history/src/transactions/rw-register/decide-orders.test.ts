import { describe, expect, it } from 'vitest';
import type { Operation } from '../../operation.js';
import { historyOf } from '../history.test.fixture.js';
import type { Short } from '../history.test.fixture.js';
import { FUZZ_TIMEOUT_MS, forSeeds, fuzzCount } from '../../fuzz.test.helper.js';
import { decideByDefinition } from '../by-definition.test.fixture.js';
import { randomTransactions } from '../random-transactions.test.fixture.js';
import { decideLevels } from '../serial-orders.test.fixture.js';
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
    expect(anomalies.map(({ type }) => type)).toEqual(['OTV']);
    expect(anomalies[0]?.message).toContain(
      "T3 saw T1 and T2's write of 2 to a, so this came after T1's write of 1 to a; yet T4 saw T2 and T1's write of 1 to a, so this came after T2's write of 2 to a",
    );
    expect(anomalies[0]?.operations).toHaveLength(4);
  });

  it('where each order of two writes is read skew, though nothing is seen in part', () => {
    const { levels, anomalies } = checkRwRegister(
      historyOf(['wa1 wb1', 'gb1 wd1', 'wa2 wc1', 'gc1 we1', 'gd1 ge1 ga1', 'gd1 ge1 ga2']),
    );
    expect(levels).toMatchObject({ 'consistent-view': false, 'read-atomic': true, 'cursor-stability': true });
    expect(anomalies.map(({ type }) => type)).toEqual(['G-single']);
    expect(anomalies[0]?.message).toContain('can have come first');
  });

  it('what no order proves and nothing rules out is counted, and no pass', () => {
    const history = historyOf(['wa1 wb1', 'gb1 wd1', 'wa2 wc1', 'gc1 we1', 'gd1 ge1 ga1', 'gd1 ge1 ga2']);
    const verdict = (model: string): ReturnType<typeof checkRwRegister> =>
      checkRwRegister(history, { model, minimumObserved: 0 });
    expect(verdict('cursor-stability')).toMatchObject({ valid: 'unknown', coverage: { undecidedLevels: 1 } });
    expect(verdict('cursor-stability').reason).toContain('read a key before they write it');
    expect(verdict('read-atomic')).toMatchObject({ valid: true, coverage: { undecidedLevels: 1 } });
    expect(verdict('read-atomic').strongest).toBe('read-atomic');
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

const READS = [
  { what: 'that a transaction repeats with the same result', wildReads: 0, keys: ['x', 'y', 'z'] },
  { what: 'of all kinds', wildReads: 0.2, keys: ['x', 'y'] },
] as const;

it.each(READS)(
  'blind writes with unknown outcomes are decided exactly, with reads $what',
  { timeout: FUZZ_TIMEOUT_MS },
  ({ what, wildReads, keys }) => {
    const counts = { right: 0, wrong: 0 };
    forSeeds(`blind writes, reads ${what}`, 200, (random) => {
      const operations = randomTransactions(random, { kind: 'w', keys, wildReads });
      const expected: Record<string, boolean> = { ...decideByDefinition(operations), ...decideLevels(operations) };
      const { levels } = checkRwRegister({ operations, faults: [] });
      // A write after a read of its key is taken to replace what was read, which the definition does not ask for.
      if (operations.some(hasUpdate) && !levels['read-atomic']) delete expected['read-atomic'];
      if (levels['cursor-stability'] && !isDecided(operations)) delete expected['cursor-stability'];
      counts[expected['serializable'] === true ? 'right' : 'wrong']++;
      expect(levels).toMatchObject(expected);
    });
    expect(Math.min(counts.right, counts.wrong)).toBeGreaterThan(fuzzCount(200) / 20);
  },
);

// Cursor stability may stay open, and then it is no pass.
function isDecided(operations: readonly Operation[]): boolean {
  const options = { model: 'cursor-stability', minimumObserved: 0 };
  return checkRwRegister({ operations, faults: [] }, options).coverage['undecidedLevels'] === undefined;
}

function hasUpdate({ value }: Operation): boolean {
  const steps = value as readonly (readonly [string, string, unknown])[];
  return steps.some(([f, key], at) => f === 'w' && steps.slice(0, at).some(([g, read]) => g === 'r' && read === key));
}
