import { expect, it } from 'vitest';
import { FUZZ_TIMEOUT_MS, forSeeds, fuzzCount } from '../../fuzz.test.helper.js';
import { decideByDefinition } from '../by-definition.test.fixture.js';
import { randomTransactions } from '../random-transactions.test.fixture.js';
import { decideLevels } from '../serial-orders.test.fixture.js';
import { checkListAppend } from './check-list-append.js';

const READS = [
  { what: 'that a transaction repeats with the same result', wildReads: 0 },
  { what: 'of all kinds', wildReads: 0.2 },
] as const;

// Where appends that no read shows can hide a violation: their order is not known.
const NEEDS_ORDER = [/cursor-stability/, /consistent-view/, /snapshot-isolation/];

it.each(READS)(
  'all levels from read committed on are decided exactly where a last read shows every append, with reads $what',
  { timeout: FUZZ_TIMEOUT_MS },
  ({ what, wildReads }) => {
    const counts = { right: 0, wrong: 0 };
    forSeeds(`lists read at last, ${what}`, 150, (random) => {
      const operations = randomTransactions(random, { kind: 'append', keys: ['x', 'y'], wildReads, readsAll: true });
      const expected = { ...decideByDefinition(operations), ...decideLevels(operations) };
      counts[expected['serializable'] === true ? 'right' : 'wrong']++;
      expect(checkListAppend({ operations, faults: [] }).levels).toMatchObject(expected);
    });
    expect(Math.min(counts.right, counts.wrong)).toBeGreaterThan(fuzzCount(150) / 20);
  },
);

it.each(READS)(
  'without that read no level is called wrong that holds, and only those that need an order can be missed, with reads $what',
  { timeout: FUZZ_TIMEOUT_MS },
  ({ what, wildReads }) => {
    forSeeds(`lists, ${what}`, 150, (random) => {
      const operations = randomTransactions(random, { kind: 'append', keys: ['x', 'y'], wildReads });
      const expected: Record<string, boolean> = { ...decideByDefinition(operations), ...decideLevels(operations) };
      const { levels } = checkListAppend({ operations, faults: [] });
      for (const level of Object.keys(expected) as (keyof typeof levels)[])
        if (levels[level] && NEEDS_ORDER.some((name) => name.test(level))) delete expected[level];
      expect(levels).toMatchObject(expected);
    });
  },
);
