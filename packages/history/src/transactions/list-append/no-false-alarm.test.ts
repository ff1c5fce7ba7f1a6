import { createRandom } from '@chaos/stats';
import { describe, expect, it } from 'vitest';
import { simulateStore } from '../simulate-store.test.fixture.js';
import { checkListAppend } from './check-list-append.js';

describe('no false alarm in 10,000 histories', { timeout: 120_000 }, () => {
  it('of a store that is strictly serializable, with failures and unknown outcomes', () => {
    for (let seed = 0; seed < 5000; seed++) {
      const random = createRandom('serializable', `${seed}`);
      const history = simulateStore({ random, transactions: random.integer(5, 60), clients: random.integer(1, 10), isolation: 'serializable', keys: random.integer(1, 6), kind: 'append' });
      const { anomalies, levels } = checkListAppend(history, { model: 'strict-serializable' });
      expect(anomalies.map(({ type, message }) => `seed ${seed}: ${type} ${message}`)).toEqual([]);
      expect(levels['strict-serializable']).toBe(true);
    }
  });

  it('of a store with strong snapshot isolation; the only anomaly is write skew', () => {
    let skews = 0;
    for (let seed = 0; seed < 5000; seed++) {
      const random = createRandom('snapshot', `${seed}`);
      const history = simulateStore({ random, transactions: random.integer(5, 60), clients: random.integer(1, 10), isolation: 'snapshot', keys: random.integer(1, 6), kind: 'append' });
      const { valid, anomalies, levels } = checkListAppend(history, { model: 'strong-snapshot-isolation' });
      expect(valid, `seed ${seed}`).not.toBe(false);
      expect(levels['strong-snapshot-isolation']).toBe(true);
      const types = new Set(anomalies.map(({ type }) => type));
      if (types.has('G2-item')) skews++;
      expect([...types].filter((type) => !type.startsWith('G2-item')), `seed ${seed}`).toEqual([]);
    }
    expect(skews).toBeGreaterThan(100);
  });
});
