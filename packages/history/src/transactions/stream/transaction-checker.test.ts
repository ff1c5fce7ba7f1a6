import { createRandom } from '@chaos/stats';
import { describe, expect, it } from 'vitest';
import { FUZZ_TIMEOUT_MS, forSeeds } from '../../fuzz.test.helper.js';
import type { Operation } from '../../operation.js';
import { LIST_VECTORS } from '../anomalies.test.fixture.js';
import { checkTransactions } from '../check-transactions.js';
import { historyOf } from '../history.test.fixture.js';
import { ISOLATION_LEVELS } from '../isolation-level.js';
import { simulateStore } from '../simulate-store.test.fixture.js';
import { createTransactionChecker } from './transaction-checker.js';

// What ends `info` is told when its client gives up: here, at once.
const endOf = ({ completed, invoked }: Operation): number => (completed === Infinity ? invoked + 0.5 : completed);
const byEnd = (operations: readonly Operation[]): Operation[] => operations.toSorted((a, b) => endOf(a) - endOf(b));

// These are seen only when it is known that nothing more comes: full checks find them.
const ONLY_IN_THE_END = ['an element out of nowhere', 'an unknown append that was seen'];

describe('createTransactionChecker()', { timeout: FUZZ_TIMEOUT_MS }, () => {
  it.each(LIST_VECTORS.filter(({ what }) => !ONLY_IN_THE_END.includes(what)))(
    'stops at the transaction that shows $what',
    ({ transactions }) => {
      for (let seed = 0; seed < 10; seed++) {
        const random = createRandom('stream', `${seed}`);
        const right = simulateStore({
          random,
          transactions: 300,
          clients: 6,
          isolation: 'serializable',
          keys: 5,
          kind: 'append',
        });
        const planted = historyOf(transactions, 100);
        const operations = byEnd([...right.operations, ...planted.operations]);
        const checker = createTransactionChecker({ model: 'strict-serializable' });
        const at = operations.findIndex((operation) => checker.add(operation) !== undefined);
        expect(at).toBeGreaterThanOrEqual(0);
        expect(planted.operations).toContain(operations[at]);
      }
    },
  );

  it.each(ISOLATION_LEVELS)('against %s it says what the check of the whole says', (model) => {
    for (const { transactions } of LIST_VECTORS) {
      const history = historyOf(transactions);
      const checker = createTransactionChecker({ model });
      const early = byEnd(history.operations)
        .map((operation) => checker.add(operation))
        .find((verdict) => verdict !== undefined);
      const whole = checkTransactions(history, { model });
      expect([checker.verdict().valid, checker.verdict().levels]).toEqual([whole.valid, whole.levels]);
      if (early !== undefined) expect(whole.valid).toBe(false);
    }
  });

  it.each(['serializable', 'snapshot'] as const)('never stops a right store (%s)', (isolation) => {
    forSeeds(`stream ${isolation}`, 4, (random) => {
      const history = simulateStore({ random, transactions: 1500, clients: 10, isolation, keys: 20, kind: 'append' });
      const checker = createTransactionChecker({
        model: isolation === 'serializable' ? 'strict-serializable' : 'strong-snapshot-isolation',
      });
      expect(byEnd(history.operations).filter((operation) => checker.add(operation) !== undefined)).toEqual([]);
    });
  });

  it('finds by full checks, made when the history has doubled, what shows only in the whole, and what happens to registers', () => {
    const random = createRandom('stream');
    const right = simulateStore({
      random,
      transactions: 4000,
      clients: 6,
      isolation: 'serializable',
      keys: 5,
      kind: 'w',
      readFirst: true,
    });
    const planted = historyOf(['gx_ wx1 gy_', 'gy_ wy1 gx_', 'gx1 gy1'], 1100);
    const checker = createTransactionChecker();
    const at = byEnd([...right.operations, ...planted.operations]).findIndex(
      (operation) => checker.add(operation) !== undefined,
    );
    expect(at).toBeGreaterThan(0);
    expect(at).toBeLessThan(2048);
  });
});
