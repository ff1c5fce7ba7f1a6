import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LIST_APPEND } from './micro-operation.js';
import { readTransactions } from './transaction-log.js';
import { createVersionTable } from './version-table.js';

const element = fc.oneof(
  fc.integer(),
  fc.integer({ min: -3, max: 3 }),
  fc.double({ noNaN: true }),
  fc.string({ maxLength: 2 }),
  fc.bigInt({ min: 0n, max: 3n }),
  fc.boolean(),
);

it('numbers what is written and what is only read as a map of maps would, however much of it there is', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.tuple(fc.nat(2), element), {
        maxLength: 20,
        selector: ([key, one]) => `${key} ${typeof one} ${one}`,
      }),
      fc.array(fc.tuple(fc.nat(2), element), { maxLength: 200 }),
      (written, read) => {
        const value = written.map(([key, one]) => ['append', key, one]);
        const log = readTransactions(
          [
            {
              process: 0,
              f: 'txn',
              type: 'ok',
              value: [['r', 0, null], ['r', 1, null], ['r', 2, null], ...value],
              invoked: 0,
              completed: 1,
              invokedNs: 0,
              completedNs: 1,
            },
          ],
          LIST_APPEND,
        );
        const table = createVersionTable(log);
        const model = [new Map<unknown, number>(), new Map<unknown, number>(), new Map<unknown, number>()];
        let count = 0;
        const expected = (key: number, one: unknown): number =>
          model[key]!.get(one) ?? (model[key]!.set(one, count), count++);
        for (const [at, [key, one]] of written.entries()) expect(table.written(at + 3)).toBe(expected(key, one));
        for (const [key, one] of read) {
          expect(table.find(key, one)).toBe(model[key]!.get(one));
          expect(table.read(key, one)).toBe(expected(key, one));
        }
        expect(table.count).toBe(count);
        for (const [key, versions] of model.entries())
          for (const [one, version] of versions)
            expect([table.columns().key[version], table.value(version)]).toEqual([key, one]);
      },
    ),
  );
});
