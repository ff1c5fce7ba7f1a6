import { describe, expect, it } from 'vitest';
import { check } from '../check.js';
import { record, type Row } from '../record.test.helper.js';
import type { Verdict } from '../verdict.js';

const judge = (model: string, rows: readonly Row[], options: object = {}): Verdict =>
  check(record(rows), { model, ...options });
const r = (...keys: (string | number)[]): unknown[] =>
  ['x', 'y'].map((key) => ['r', key, keys.includes(key) ? 1 : null]);
const bothWritten: Row[] = [
  [0, 'write', [['w', 'x', 1]], 0, 9],
  [1, 'write', [['w', 'y', 1]], 0.5, 9.5],
];

describe('invariant checkers', () => {
  it.each<[model: string, rows: readonly Row[], options?: object]>([
    [
      'bank',
      [
        [0, 'read', { a: 5, b: 5 }, 0, 1],
        [1, 'transfer', { from: 'a', to: 'b', amount: 2 }, 2, 3],
        [0, 'read', { a: 3, b: 7 }, 4, 5],
      ],
    ],
    [
      'bank',
      [
        [
          0,
          'read',
          [
            ['a', -5],
            ['b', 5],
          ],
          0,
          1,
        ],
        [1, 'transfer', { from: 'a', to: 'b', amount: 2 }, 2, 3],
      ],
      { total: 0, allowNegative: true },
    ],
    [
      'set',
      [
        [0, 'add', 1, 0, 1],
        [0, 'add', 2, 2],
        [1, 'add', 3, 2, 3, 'fail'],
        [2, 'add', 4, 3, 9],
        [1, 'read', [2, 1], 4, 5],
      ],
    ],
    [
      'set-full',
      [
        [0, 'add', 1, 0, 1],
        [1, 'read', [], 0.5, 3],
        [1, 'read', [1], 4, 5],
      ],
      { linearizable: true },
    ],
    [
      'set-full',
      [
        [0, 'add', 1, 0, 1],
        [1, 'read', [], 2, 3],
        [1, 'read', [1], 4, 5],
      ],
    ],
    [
      'counter',
      [
        [0, 'add', 1, 0, 1],
        [1, 'add', 2, 2],
        [2, 'add', -4, 3, 8],
        [3, 'read', -3, 4, 5],
        [3, 'read', 3, 6, 7],
        [3, 'increment', null, 9, 10],
        [3, 'decrement', 1, 11, 12],
      ],
    ],
    [
      'queue',
      [
        [0, 'enqueue', 1, 0, 1],
        [0, 'enqueue', 1, 2],
        [1, 'dequeue', 1, 3, 4],
        [1, 'dequeue', 1, 5, 6],
      ],
    ],
    [
      'total-queue',
      [
        [0, 'enqueue', 1, 0, 1],
        [0, 'enqueue', 2, 2, 3],
        [2, 'enqueue', 3, 2],
        [1, 'dequeue', 2, 3, 4],
        [1, 'drain', [1, 3], 5, 6],
      ],
    ],
    [
      'total-queue',
      [
        [0, 'enqueue', 1, 0, 1],
        [1, 'dequeue', 1, 3, 4],
        [1, 'dequeue', 1, 5, 6],
        [1, 'dequeue', null, 7, 8],
      ],
    ],
    [
      'unique-ids',
      [
        [0, 'generate', 1, 0, 1],
        [1, 'generate', '1', 0, 1],
        [1, 'generate', 1, 2, 3, 'fail'],
      ],
    ],
    ['long-fork', [...bothWritten, [2, 'read', r('x'), 1, 2], [3, 'read', r('x', 'y'), 1, 2], [4, 'read', r(), 1, 2]]],
    [
      'monotonic',
      [
        [0, 'add', 1, 0, 1],
        [1, 'add', 2, 0, 1],
        [2, 'add', 3, 2],
        [
          1,
          'read',
          [
            { value: 1, timestamp: 10 },
            { value: 2, timestamp: 10 },
            { value: 3, timestamp: 11 },
          ],
          4,
          5,
        ],
      ],
    ],
    [
      'predicate-g2',
      [
        [0, 'insert', ['k', 'a'], 0, 1],
        [1, 'insert', ['k', 'b'], 0, 1, 'fail'],
      ],
    ],
    [
      'sequential',
      [
        [0, 'write', 'k', 0, 1],
        [1, 'read', ['k', [null, 1, 1]], 2, 3],
      ],
    ],
    [
      'causal-reverse',
      [
        [0, 'write', 1, 0, 1],
        [1, 'write', 2, 0.5, 3],
        [2, 'read', [2], 0.6, 4],
        [2, 'read', [1, 2], 5, 6],
      ],
    ],
  ])('%s: accepts what is right (%#)', (model, rows, options) => {
    expect(judge(model, rows, options)).toMatchObject({ valid: true, model, anomalies: [] });
  });

  it.each<[model: string, type: string, rows: readonly Row[], words: string, options?: object]>([
    [
      'bank',
      'wrong-total',
      [
        [0, 'read', { a: 5, b: 4 }, 0, 1],
        [2, 'read', { a: 5, b: 2 }, 2, 3],
      ],
      'the read by process 0 at +0.000 s is wrong: the balances add up to 9, they must to 10: {"a":5,"b":4}; so are 1 other read',
      { total: 10 },
    ],
    ['bank', 'negative-balance', [[0, 'read', { a: 12, b: -2 }, 0, 1]], 'a balance is -2'],
    [
      'bank',
      'missing-account',
      [
        [0, 'read', { a: 5, b: 5 }, 0, 1],
        [0, 'read', { a: 10 }, 2, 3],
      ],
      'it lacks the accounts b',
    ],
    [
      'bank',
      'unexpected-account',
      [[0, 'read', { a: 5, b: 5 }, 0, 1]],
      'it has the unknown accounts b',
      { accounts: ['a'] },
    ],
    ['bank', 'no-balance', [[0, 'read', { a: 5, b: null }, 0, 1]], 'the accounts b have no number'],
    [
      'set',
      'lost-element',
      [
        [0, 'add', 1, 0, 1],
        [0, 'add', 2, 2, 3],
        [1, 'read', [2], 4, 5],
      ],
      '1 acknowledged element missing from the last read, by process 1 at +0.004 s: 1',
    ],
    [
      'set',
      'garbage-read',
      [
        [0, 'add', 1, 0, 1],
        [1, 'read', [1, 7], 4, 5],
      ],
      'has what nobody added: 7',
    ],
    // Jepsen takes these three for fine.
    [
      'set',
      'aborted-read',
      [
        [0, 'add', 1, 0, 1],
        [0, 'add', 20, 2, 3, 'fail'],
        [1, 'read', [1, 20], 4, 5],
      ],
      'has what was refused: 20',
    ],
    [
      'set',
      'duplicate-element',
      [
        [0, 'add', 1, 0, 1],
        [1, 'read', [1, 1], 4, 5],
      ],
      'has twice what was added once: 1',
    ],
    [
      'set-full',
      'duplicate-element',
      [
        [0, 'add', 1, 0, 1],
        [1, 'read', [1, 1], 4, 5],
      ],
      'has twice what was added once: 1',
    ],
    [
      'set',
      'future-read',
      [
        [1, 'read', [1], 0, 1],
        [0, 'add', 1, 2, 3],
      ],
      'was added only after it: 1',
    ],
    [
      'set-full',
      'lost-element',
      [
        [0, 'add', 1, 0, 1],
        [0, 'add', 2, 2, 3],
        [1, 'read', [1, 2], 4, 5],
        [1, 'read', [2], 6, 7],
      ],
      '1 element lost: 1; first: add of 1 by process 0 at +0.000 s, missing from the read at +0.006 s',
    ],
    [
      'set-full',
      'lost-element',
      [
        [0, 'add', 1, 0],
        [1, 'read', [1], 2, 3],
        [1, 'read', [], 4, 5],
      ],
      '1 element lost: 1',
    ],
    [
      'set-full',
      'stale-read',
      [
        [0, 'add', 1, 0, 1],
        [1, 'read', [], 2, 3],
        [1, 'read', [1], 4, 5],
      ],
      '1 element missing for a time: 1',
      { linearizable: true },
    ],
    [
      'counter',
      'counter-too-low',
      [
        [0, 'add', 1, 0, 1],
        [1, 'add', 2, 2],
        [3, 'read', 0, 4, 5],
      ],
      'between 1 and 3 was possible, so acknowledged adds are missing; 1 of 1 read out of bounds',
    ],
    [
      'counter',
      'counter-too-high',
      [
        [0, 'add', 1, 0, 1],
        [1, 'add', 2, 2, 3, 'fail'],
        [3, 'read', 3, 4, 5],
      ],
      'between 1 and 1 was possible',
    ],
    [
      'queue',
      'garbage-read',
      [
        [0, 'enqueue', 1, 0, 1],
        [1, 'dequeue', 2, 3, 4],
      ],
      'dequeue of 2 by process 1 at +0.003 s cannot be: nobody enqueued it',
    ],
    [
      'queue',
      'aborted-read',
      [
        [0, 'enqueue', 1, 0, 1, 'fail'],
        [1, 'dequeue', 1, 3, 4],
      ],
      'its enqueue did not happen',
    ],
    [
      'queue',
      'future-read',
      [
        [1, 'dequeue', 1, 0, 1],
        [0, 'enqueue', 1, 3, 4],
      ],
      'it was enqueued only later',
    ],
    [
      'queue',
      'duplicate-dequeue',
      [
        [0, 'enqueue', 1, 0, 1],
        [1, 'dequeue', 1, 3, 4],
        [1, 'dequeue', 1, 5, 6],
      ],
      'dequeued 2 times, enqueued 1: 1',
    ],
    [
      'total-queue',
      'lost-element',
      [
        [0, 'enqueue', 1, 0, 1],
        [0, 'enqueue', 2, 2, 3],
        [1, 'dequeue', 1, 4, 5],
        [1, 'dequeue', null, 6, 7],
      ],
      '1 acknowledged element never came out: 2',
    ],
    [
      'total-queue',
      'duplicate-dequeue',
      [
        [0, 'enqueue', 1, 0, 1],
        [1, 'drain', [1, 1], 4, 5],
      ],
      '1 element dequeued more often than enqueued: 1',
      { exactlyOnce: true },
    ],
    [
      'unique-ids',
      'duplicate-id',
      [
        [0, 'generate', 1, 0, 1],
        [1, 'generate', 2, 2, 3],
        [1, 'generate', 1, 4, 5],
      ],
      '1 was given 2 times: generate of 1 by process 0 at +0.000 s, generate of 1 by process 1 at +0.004 s',
    ],
    [
      'long-fork',
      'long-fork',
      [...bothWritten, [2, 'read', r('x'), 1, 2], [3, 'read', r('y'), 1, 2]],
      'the other way round',
    ],
    [
      'monotonic',
      'lost-element',
      [
        [0, 'add', 1, 0, 1],
        [0, 'add', 2, 0, 1],
        [1, 'read', [{ value: 2, timestamp: 10 }], 4, 5],
      ],
      'lacks 1 acknowledged value: 1',
    ],
    [
      'monotonic',
      'duplicate-element',
      [
        [0, 'add', 1, 0, 1],
        [
          1,
          'read',
          [
            { value: 1, timestamp: 10 },
            { value: 1, timestamp: 11 },
          ],
          4,
          5,
        ],
      ],
      'has more than once: 1',
    ],
    [
      'monotonic',
      'revived-element',
      [
        [0, 'add', 1, 0, 1],
        [0, 'add', 2, 0, 1, 'fail'],
        [
          1,
          'read',
          [
            { value: 1, timestamp: 10 },
            { value: 2, timestamp: 11 },
          ],
          4,
          5,
        ],
      ],
      'has what was refused: 2',
    ],
    [
      'monotonic',
      'values-out-of-order',
      [
        [0, 'add', 1, 0, 1],
        [0, 'add', 2, 2, 3],
        [
          1,
          'read',
          [
            { value: 2, timestamp: 10 },
            { value: 1, timestamp: 11 },
          ],
          4,
          5,
        ],
      ],
      'has 1 after 2',
    ],
    [
      'monotonic',
      'timestamps-out-of-order',
      [
        [0, 'add', 1, 0, 1],
        [0, 'add', 2, 2, 3],
        [
          1,
          'read',
          [
            { value: 1, timestamp: 11 },
            { value: 2, timestamp: 10 },
          ],
          4,
          5,
        ],
      ],
      'the timestamp falls',
    ],
    [
      'predicate-g2',
      'G2',
      [
        [0, 'insert', ['k', 'a'], 0, 1],
        [1, 'insert', ['k', 'b'], 0, 1],
      ],
      'key "k" was inserted 2 times',
    ],
    [
      'sequential',
      'sequential-gap',
      [[1, 'read', ['k', ['c', null, 'a']], 2, 3]],
      'of key "k" it saw "c", but not part 2 of 3',
    ],
    [
      'causal-reverse',
      'causal-reverse',
      [
        [0, 'write', 1, 0, 1],
        [0, 'write', 2, 2, 3],
        [1, 'read', [2], 4, 5],
      ],
      'lacks write of 1 by process 0 at +0.000 s, which had ended before that began',
    ],
  ])('%s: names a %s', (model, type, rows, words, options) => {
    const verdict = judge(model, rows, options);
    expect(verdict).toMatchObject({ valid: false, model, anomalies: [{ type }] });
    expect(verdict.anomalies[0]?.message).toContain(words);
    expect(verdict.anomalies[0]?.operations.length).toBeGreaterThan(0);
  });

  it.each<[model: string, rows: readonly Row[], reason: string]>([
    ['bank', [[0, 'transfer', {}, 0, 1]], 'the accounts were never read'],
    [
      'bank',
      [
        [0, 'transfer', {}, 0],
        [1, 'read', { a: 1 }, 2, 3],
      ],
      'no transfer was acknowledged',
    ],
    [
      'bank',
      [
        [0, 'read', { a: 1, b: 2 }, 0, 1],
        [1, 'read', { a: 2, b: 1 }, 2, 3],
      ],
      'no transfer was acknowledged',
    ],
    ['set', [[0, 'add', 1, 0, 1]], 'the set was never read'],
    [
      'set',
      [
        [0, 'add', 1, 0],
        [1, 'read', [1], 2, 3],
      ],
      'no add was acknowledged',
    ],
    [
      'set-full',
      [
        [0, 'add', 1, 0, 1],
        [1, 'read', [], 0.5, 3],
      ],
      'no element was added and read',
    ],
    ['counter', [[0, 'add', 1, 0, 1]], 'the counter was never read'],
    ['counter', [[0, 'read', 0, 0, 1]], 'nothing was added'],
    ['queue', [[0, 'enqueue', 1, 0, 1]], 'nothing was dequeued'],
    [
      'total-queue',
      [
        [0, 'enqueue', 1, 0, 1],
        [0, 'enqueue', 2, 0, 1],
        [1, 'dequeue', 1, 2, 3],
      ],
      '1 element missing, but the queue was not drained in the end',
    ],
    [
      'total-queue',
      [
        [0, 'enqueue', 1, 0, 1],
        [0, 'dequeue', null, 2],
        [1, 'dequeue', null, 4, 5],
      ],
      '1 element missing, and as many dequeues without answer can have taken them',
    ],
    ['unique-ids', [], 'no generate was acknowledged'],
    ['long-fork', bothWritten, 'no group of keys was read'],
    ['long-fork', [...bothWritten, [2, 'read', r('x'), 1, 2]], 'no two reads of a group saw different writes'],
    [
      'long-fork',
      [...bothWritten, ...bothWritten, [2, 'read', r('x'), 1, 2]],
      'the key "x" was written more than once',
    ],
    ['monotonic', [[0, 'add', 1, 0, 1]], 'the rows were never read'],
    ['predicate-g2', [[0, 'insert', ['k', 'a'], 0, 1]], 'no key had two inserts'],
    ['sequential', [], 'nothing was read'],
    ['causal-reverse', [[1, 'read', [], 0, 1]], 'no write was acknowledged'],
  ])('%s: does not pass what shows nothing (%#)', (model, rows, reason) => {
    const verdict = judge(model, rows);
    expect(verdict.valid).toBe('unknown');
    expect(verdict.reason).toContain(reason);
  });

  it('refuses values of another form', () => {
    expect(() => judge('bank', [[0, 'read', 5, 0, 1]])).toThrow(
      'read of 5 by process 0 at +0.000 s must be { account: balance }',
    );
    expect(() => judge('set', [[0, 'read', 5, 0, 1]])).toThrow(TypeError);
    expect(() =>
      judge('counter', [
        [0, 'add', 'x', 0, 1],
        [0, 'read', 1, 2, 3],
      ]),
    ).toThrow('add of "x" by process 0');
    expect(() => judge('monotonic', [[0, 'read', [5], 2, 3]])).toThrow('must be a list of { value, timestamp }');
    expect(() => judge('predicate-g2', [[0, 'insert', 5, 2, 3]])).toThrow('its value must be [key, row]');
    expect(() => judge('sequential', [[0, 'read', 5, 2, 3]])).toThrow('must be [key, [last part, ..., first part]]');
    expect(() => judge('bank', [], { total: NaN })).toThrow('current total is NaN');
    expect(() => judge('counter', [], { initial: Infinity })).toThrow('current initial is Infinity');
  });
});
