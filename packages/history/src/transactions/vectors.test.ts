import { describe, expect, it } from 'vitest';
import { FUZZ_TIMEOUT_MS, forSeeds } from '../fuzz.test.helper.js';
import { LIST_VECTORS, REGISTER_VECTORS } from './anomalies.test.fixture.js';
import { TRANSACTION_ANOMALIES } from './anomaly-type.js';
import { historyOf } from './history.test.fixture.js';
import { checkListAppend } from './list-append/check-list-append.js';
import { checkRwRegister } from './rw-register/check-rw-register.js';
import { simulateStore } from './simulate-store.test.fixture.js';

describe.each([
  { kind: 'append', vectors: LIST_VECTORS, check: checkListAppend },
  { kind: 'w', vectors: REGISTER_VECTORS, check: checkRwRegister },
] as const)('known anomalies, written with $kind', { timeout: FUZZ_TIMEOUT_MS }, ({ kind, vectors, check }) => {
  it.each(vectors)('$what is $types', ({ transactions, types, strongest }) => {
    const verdict = check(historyOf(transactions), { model: 'strict-serializable' });
    expect(verdict.anomalies.map(({ type }) => type)).toEqual(types);
    expect(verdict.valid).toBe(false);
    expect(verdict.strongest).toBe(strongest);
    for (const { type, forbiddenBy, operations, steps } of verdict.anomalies) {
      expect(check(historyOf(transactions), { model: forbiddenBy! }).valid).toBe(false);
      expect(operations.length).toBeGreaterThan(0);
      if (type.startsWith('G') && !['G1a', 'G1b'].includes(type)) expect(steps).toHaveLength(operations.length);
    }
  });

  it.each(vectors)('$what is found in a right history that it is planted in', ({ transactions, types }) => {
    forSeeds('planted', 3, (random) => {
      const right = simulateStore({
        random,
        transactions: 200,
        clients: 8,
        isolation: 'serializable',
        keys: 5,
        kind,
        readFirst: true,
      });
      const planted = historyOf(transactions, random.integer(50, 150));
      const operations = [...right.operations, ...planted.operations].toSorted((a, b) => a.invoked - b.invoked);
      const { anomalies } = check({ operations, faults: [] }, { model: 'strict-serializable' });
      expect(anomalies.map(({ type }) => type)).toEqual(types);
      // All of it is about what was planted, whatever surrounds it.
      expect(
        anomalies.every(({ operations: shown }) => shown.some((operation) => planted.operations.includes(operation))),
      ).toBe(true);
    });
  });
});

it('every type has a vector', () => {
  const shown = new Set([...LIST_VECTORS, ...REGISTER_VECTORS].flatMap(({ types }) => types));
  expect(TRANSACTION_ANOMALIES.filter((type) => !shown.has(type))).toEqual([]);
});
