import { describe, expect, it } from 'vitest';
import { FUZZ_TIMEOUT_MS, forSeeds, fuzzCount } from '../fuzz.test.helper.js';
import { checkTransactions } from './check-transactions.js';
import { simulateStore } from './simulate-store.test.fixture.js';

const STORES = [
  { kind: 'append', readFirst: false, what: 'lists', histories: 200 },
  { kind: 'w', readFirst: true, what: 'registers that are read before they are written', histories: 100 },
  { kind: 'w', readFirst: false, what: 'registers that are written blindly', histories: 40 },
] as const;

describe.each(STORES)('no false alarm on $what', { timeout: FUZZ_TIMEOUT_MS }, ({ kind, readFirst, histories }) => {
  it('of a store that is strictly serializable, with failures and unknown outcomes', () => {
    forSeeds('serializable', histories, (random) => {
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
        expect.fail(anomalies.map(({ type, message }) => `${type} ${message}`).join('\n'));
    });
  });

  it('of a store with strong snapshot isolation, where write skew alone may be', () => {
    let skews = 0;
    forSeeds('snapshot', histories, (random) => {
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
        expect.fail(wrong.map(({ type, message }) => `${type} ${message}`).join('\n'));
    });
    if (kind === 'append' || readFirst) expect(skews).toBeGreaterThan(fuzzCount(histories) / 100);
  });
});
