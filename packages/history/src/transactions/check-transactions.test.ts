import { describe, expect, it } from 'vitest';
import type { Operation } from '../operation.js';
import { checkTransactions } from './check-transactions.js';

const txn = (value: unknown, at = 0, type: Operation['type'] = 'ok'): Operation => ({
  process: at,
  f: 'txn',
  type,
  value,
  invoked: at,
  completed: at + 0.5,
  invokedNs: at,
  completedNs: at,
});
const check = (...operations: Operation[]) => checkTransactions({ operations, faults: [] });

describe('checkTransactions() says unknown where little was observed', () => {
  it.each<[string, Operation[], RegExp]>([
    ['no transaction', [{ ...txn([]), f: 'read' }], /has no transaction/],
    ['none that ended ok', [txn([['append', 'x', 1]], 0, 'fail')], /none of 1 transactions ended ok/],
    ['only writes', [txn([['append', 'x', 1]])], /that ended ok read anything/],
    ['only reads', [txn([['r', 'x', []]])], /that ended ok wrote anything/],
    ['reads that show nothing', [txn([['r', 'x', []]]), txn([['append', 'x', 1]], 1)], /shows any of 1 acknowledged/],
    [
      'one write in twenty seen',
      [...Array.from({ length: 20 }, (_, at) => txn([['append', at, 1]], at)), txn([['r', 3, [1]]], 30)],
      /show 5\.0 % of 20 acknowledged writes, want at least 10 %/,
    ],
    [
      'registers whose order nobody knows',
      [
        ...Array.from({ length: 20 }, (_, at) => txn([['w', 'x', at + 1]], at)),
        ...Array.from({ length: 20 }, (_, at) => txn([['r', 'x', 20]], 30 + at)),
        txn([['w', 'y', 1]], 60),
        txn([['r', 'y', 1]], 61),
      ],
      /reads show 9\.5 %/,
    ],
  ])('%s', (_, operations, reason) => {
    const verdict = check(...operations);
    expect(verdict.valid).toBe('unknown');
    expect(verdict.reason).toMatch(reason);
    expect(verdict).not.toHaveProperty('strongest');
  });

  it('of blind writes whose predecessors are not known, though each was seen', () => {
    const operations = Array.from({ length: 10 }, (_, at) => [
      txn([['w', 'x', at + 1]], at * 2),
      txn([['r', 'x', at + 1]], at * 2 + 1),
    ]).flat();
    expect(check(...operations).reason).toMatch(/what they came after.*read a key before they write it/);
    // Real time tells, where it is asked for.
    expect(checkTransactions({ operations, faults: [] }, { model: 'strict-serializable' })).toMatchObject({
      valid: true,
      coverage: { orderedVersions: 0.9 },
    });
  });
});

describe('checkTransactions() refuses what it cannot read, and says what and where', () => {
  it.each<[string, unknown, RegExp]>([
    [
      'a step of another name',
      [['apend', 'x', 1]],
      /invoked at 7 by process 7 as a transaction: current step is \["apend","x",1\], want \["append", key, element\]/,
    ],
    ['a value that is no list', 'r x', /current value is "r x", want a list of steps/],
    ['an element that is an object', [['append', 'x', { a: 1 }]], /current step is \["append","x",\{"a":1\}\]/],
    [
      'a register where lists are',
      [
        ['append', 'x', 1],
        ['r', 'x', 1],
      ],
      /current step is \["r","x",1\]/,
    ],
  ])('%s', (_, value, message) => {
    expect(() => check(txn(value, 7))).toThrow(message);
  });

  it('a value that was written twice', () => {
    expect(() => check(txn([['append', 'x', 1]]), txn([['append', 'x', 1]], 3))).toThrow(
      /1 is written to x twice, by the operations invoked at 0 and 3/,
    );
    expect(
      check(txn([['append', 'x', 1]], 0, 'fail'), txn([['append', 'x', 1]], 3), txn([['r', 'x', [1]]], 5)).valid,
    ).toBe(true);
  });

  it('options out of range', () => {
    expect(() => checkTransactions({ operations: [], faults: [] }, { limit: 0 })).toThrow(RangeError);
    expect(() => checkTransactions({ operations: [], faults: [] }, { minimumObserved: 2 })).toThrow(
      /current minimumObserved is 2/,
    );
  });
});
