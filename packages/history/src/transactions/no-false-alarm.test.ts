import { createRandom } from '@chaos/stats';
import { describe, expect, it } from 'vitest';
import { checkTransactions } from './check-transactions.js';
import { simulateStore } from './simulate-store.test.fixture.js';

const STORES = [
  { kind: 'append', readFirst: false, what: 'lists', histories: 5000 },
  { kind: 'w', readFirst: true, what: 'registers that are read before they are written', histories: 1500 },
  { kind: 'w', readFirst: false, what: 'registers that are written blindly', histories: 1500 },
] as const;

describe.each(STORES)(
  'no false alarm in $histories histories of each kind on $what',
  { timeout: 300_000 },
  ({ kind, readFirst, histories }) => {
    it('of a store that is strictly serializable, with failures and unknown outcomes', () => {
      for (let seed = 0; seed < histories; seed++) {
        const random = createRandom('serializable', `${seed}`);
        const history = simulateStore({
          random,
          transactions: random.integer(5, 60),
          clients: random.integer(1, 10),
          isolation: 'serializable',
          keys: random.integer(1, 6),
          kind,
          readFirst,
        });
        const { anomalies, levels } = checkTransactions(history, { model: 'strict-serializable' });
        if (anomalies.length > 0 || !levels['strict-serializable'])
          expect.fail(`seed ${seed}: ${anomalies.map(({ type, message }) => `${type} ${message}`).join('\n')}`);
      }
    });

    it('of a store with strong snapshot isolation, where write skew alone may be', () => {
      let skews = 0;
      for (let seed = 0; seed < histories; seed++) {
        const random = createRandom('snapshot', `${seed}`);
        const history = simulateStore({
          random,
          transactions: random.integer(5, 60),
          clients: random.integer(1, 10),
          isolation: 'snapshot',
          keys: random.integer(1, 6),
          kind,
          readFirst,
        });
        const { valid, anomalies } = checkTransactions(history, { model: 'strong-snapshot-isolation' });
        if (anomalies.some(({ type }) => type === 'G2-item')) skews++;
        const wrong = anomalies.filter(({ type }) => !type.startsWith('G2-item'));
        if (valid === false || wrong.length > 0)
          expect.fail(`seed ${seed}: ${wrong.map(({ type, message }) => `${type} ${message}`).join('\n')}`);
      }
      if (kind === 'append' || readFirst) expect(skews).toBeGreaterThan(histories / 100);
    });
  },
);
