import { describe, expect, it } from 'vitest';
import { record, type Row } from '../record.test.helper.js';
import type { Verdict } from '../verdict.js';
import { checkLinearizability, type LinearizabilityOptions } from './check-linearizability.js';
import { checkLinearizabilityAsync } from './check-linearizability-async.js';
import type { SequentialModel } from './models/sequential-model.js';

const check = (
  model: LinearizabilityOptions['model'],
  rows: readonly Row[],
  options: Partial<LinearizabilityOptions> = {},
): Verdict => checkLinearizability(record(rows), { model, ...options });
const types = (verdict: Verdict): readonly string[] => verdict.anomalies.map(({ type }) => type);

describe('checkLinearizability() of a register', () => {
  it('accepts what one register can have done', () => {
    const verdict = check('register', [
      [0, 'write', 1, 0, 5],
      [1, 'read', 1, 1, 2],
      [2, 'read', null, 0.5, 3],
      [1, 'read', 1, 6, 7],
    ]);
    expect(verdict).toMatchObject({
      valid: true,
      model: 'register',
      anomalies: [],
      coverage: { operations: 4, ok: 4, observations: 3, steps: 0 },
    });
  });

  it('names a stale read, in words, with the faults meanwhile', () => {
    const history = record(
      [
        [0, 'write', 1, 0, 100],
        [1, 'write', 2, 200, 300],
        [3, 'read', 2, 310, 320],
        [2, 'read', 1, 1204, 1300],
      ],
      [
        { name: 'cut', startNs: 250e6, endNs: 260e6 },
        { name: 'later', startNs: 1400e6, endNs: Infinity },
      ],
    );
    const { valid, anomalies } = checkLinearizability(history, { model: 'register' });
    expect(valid).toBe(false);
    expect(anomalies[0]).toMatchObject({
      type: 'stale-read',
      message:
        'read of 1 by process 2 at +1.204 s is stale: write of 2 by process 1 at +0.200 s had ended before it began, and 1 was there when it began (write of 1 by process 0 at +0.000 s had ended); no value was written twice',
      faults: [{ name: 'cut' }],
    });
    expect(anomalies[0]?.operations).toContain(history.operations[3]);
  });

  it('names the first stale read of several, and the fault meanwhile', () => {
    const history = record(
      [
        [0, 'write', 'old', 10, 11],
        [0, 'write', 'new', 20, 21],
        [2, 'write', 'unseen', 22, 8000],
        [1, 'read', 'old', 30, 31],
        [3, 'read', 'old', 33, 34],
        [1, 'read', 'new', 40, 41],
        [1, 'read', 'old', 9000, 9001],
      ],
      [{ name: 'split', startNs: 5e6, endNs: 35e6 }],
    );
    const [anomaly] = checkLinearizability(history, { model: 'register' }).anomalies;
    expect(anomaly?.message).toMatch(
      /^read of "old" by process 1 at \+0\.030 s is stale: write of "new" .* had ended before it began/,
    );
    expect(anomaly?.operations).toEqual([0, 1, 3].map((at) => history.operations[at]));
    expect(anomaly?.faults).toHaveLength(1);
  });

  it('does not say which of two values came first where nobody can tell', () => {
    const rows: readonly Row[] = [
      [1, 'write', 'b', 10, 40],
      [0, 'write', 'a', 20, 30],
      [1, 'read', 'a', 41, 60],
      [2, 'read', 'b', 50, 70],
    ];
    const [anomaly] = checkLinearizability(record(rows), { model: 'register' }).anomalies;
    expect(anomaly?.message).toBe(
      '"a" was there from the end of the write of "a" by process 0 at +0.020 s until the read of "a" by process 1 at +0.041 s began; ' +
        '"b" was there from the end of the write of "b" by process 1 at +0.010 s until the read of "b" by process 2 at +0.050 s began: both cannot be, for each was written once',
    );
    expect(anomaly?.operations).toHaveLength(4);
  });

  it('tells the earliest finding of several keys first', () => {
    const rows: readonly Row[] = [
      [0, 'write', ['late', 1], 0, 1],
      [0, 'write', ['soon', 1], 2, 3],
      [1, 'read', ['soon', 9], 4, 5],
      [1, 'read', ['late', 9], 6, 7],
    ];
    const { anomalies } = checkLinearizability(record(rows), { model: 'register' });
    expect(anomalies.map(({ message }) => message.slice(0, 8))).toEqual(['key "soo', 'key "lat']);
  });

  it.each<[string, readonly Row[]]>([
    [
      'lost-write',
      [
        [0, 'write', 1, 0, 1],
        [0, 'write', 2, 2, 3],
        [1, 'read', 1, 4, 5],
      ],
    ],
    [
      'lost-write',
      [
        [0, 'write', 1, 0, 1],
        [1, 'read', null, 4, 5],
      ],
    ],
    [
      'garbage-read',
      [
        [0, 'write', 1, 0, 1],
        [1, 'read', 7, 4, 5],
      ],
    ],
    [
      'aborted-read',
      [
        [0, 'write', 7, 0, 1, 'fail'],
        [1, 'read', 7, 4, 5],
      ],
    ],
    [
      'future-read',
      [
        [1, 'read', 7, 0, 1],
        [0, 'write', 7, 2, 3],
      ],
    ],
    [
      'stale-read',
      [
        [0, 'write', 1, 0, 10],
        [1, 'write', 2, 0.5, 10.5],
        [2, 'read', 1, 11, 12],
        [2, 'read', 2, 13, 14],
        [2, 'read', 1, 15, 16],
      ],
    ],
  ])('names a %s by zones', (type, rows) => {
    expect(types(check('register', rows))).toEqual([type]);
  });

  it.each<[string, readonly Row[]]>([
    [
      'lost-write',
      [
        [0, 'write', 1, 0, 1],
        [0, 'write', 2, 2, 3],
        [1, 'read', 1, 4, 5],
      ],
    ],
    [
      'stale-read',
      [
        [0, 'write', 1, 0, 1],
        [0, 'write', 2, 2, 3],
        [2, 'read', 2, 3.1, 3.2],
        [1, 'read', 1, 4, 5],
      ],
    ],
    [
      'garbage-read',
      [
        [0, 'write', 1, 0, 1],
        [1, 'read', 7, 4, 5],
      ],
    ],
    [
      'aborted-read',
      [
        [0, 'write', 7, 0, 1, 'fail'],
        [1, 'read', 7, 4, 5],
      ],
    ],
    [
      'future-read',
      [
        [1, 'read', 7, 0, 1],
        [0, 'write', 7, 2, 3],
      ],
    ],
  ])('names a %s by search', (type, rows) => {
    // Two writes of one value rule zones out.
    expect(types(check('cas-register', [...rows, [8, 'write', 9, 90, 91], [8, 'cas', [9, 9], 92, 93]]))).toEqual([
      type,
    ]);
  });

  it('says what the register can have held where a search fails, and what ran beside', () => {
    const { anomalies } = check('cas-register', [
      [0, 'write', 3, 0, 0.5],
      [0, 'write', 1, 0.6, 1],
      [1, 'cas', [1, 4], 2, 900],
      [2, 'read', 3, 204, 300],
      [3, 'read', 4, 910, 920],
    ]);
    expect(anomalies[0]?.message).toBe(
      'read of 3 by process 2 at +0.204 s cannot be: by then it held 1, or held 4; write of 1 by process 0 at +0.001 s had replaced it; 2 of 5 completed operations can be put in order before it; at the same time: cas from 1 to 4 by process 1 at +0.002 s',
    );
  });

  it('does not list the operation itself beside it, where keys are apart', () => {
    const rows: Row[] = [
      [0, 'write', ['x', 2], 0, 1],
      [0, 'write', ['x', 1], 2, 2.5],
      [0, 'write', ['x', 1], 2.6, 3],
      [1, 'read', ['x', 2], 4, 5],
    ];
    expect(check('register', rows).anomalies[0]?.message).toBe(
      'key "x": read of 2 by process 1 at +0.004 s cannot be: by then it held 1; write of 1 by process 0 at +0.003 s had replaced it; 3 of 4 completed operations can be put in order before it',
    );
  });

  it('takes an unknown outcome for done at any later time, or never', () => {
    const late: Row[] = [
      [0, 'write', 1, 0, 1],
      [1, 'write', 2, 2],
      [2, 'read', 1, 3, 4],
      [2, 'read', 2, 5, 6],
    ];
    expect(check('register', late).valid).toBe(true);
    expect(check('cas-register', [...late, [3, 'cas', [2, 2], 7, 8]]).valid).toBe(true);
    expect(check('register', [...late, [2, 'read', 1, 7, 8]]).valid).toBe(false);
  });

  it('judges keys apart, in either form', () => {
    const rows: Row[] = [
      [0, 'write', ['x', 1], 0, 1],
      [0, 'write', ['y', 2], 2, 3],
      [1, 'read', ['x', 1], 4, 5],
      [1, 'read', ['y', 3], 6, 7],
    ];
    const verdict = check('register', rows);
    expect(verdict).toMatchObject({
      valid: false,
      coverage: { parts: 2 },
      anomalies: [{ type: 'garbage-read', operations: [{ value: ['y', 3] }] }],
    });
    expect(verdict.anomalies[0]?.message).toBe('key "y": read of 3 by process 1 at +0.006 s cannot be: nobody wrote 3');
    const objects = rows.map(
      ([process, f, value, ...rest]) =>
        [process, f, { key: (value as unknown[])[0], value: (value as unknown[])[1] }, ...rest] as unknown as Row,
    );
    expect(check('register', objects)).toMatchObject({ valid: false, coverage: { parts: 2 } });
    // Lost operations may lack the key.
    expect(check('register', [...rows, [2, 'read', null, 8], [2, 'read', null, 8, 9, 'fail']])).toMatchObject({
      valid: false,
      coverage: { parts: 2 },
    });
    // Values that only look so.
    expect(
      check(
        'register',
        [
          [0, 'write', [1, 2], 0, 1],
          [1, 'read', [1, 2], 2, 3],
        ],
        { independent: false },
      ),
    ).toMatchObject({ valid: true, coverage: { parts: 1 } });
  });

  it('knows the first value', () => {
    expect(check('register', [[0, 'read', 0, 0, 1]], { initial: 0 }).valid).toBe(true);
    expect(
      check(
        'cas-register',
        [
          [0, 'cas', [0, 1], 0, 1],
          [0, 'read', 1, 2, 3],
        ],
        { initial: 0 },
      ).valid,
    ).toBe(true);
    expect(
      check('cas-register', [
        [0, 'cas', [0, 1], 0, 1],
        [0, 'read', 1, 2, 3],
      ]).valid,
    ).toBe(false);
  });
});

describe('checkLinearizability() of other objects', () => {
  it.each<[LinearizabilityOptions['model'], boolean, readonly Row[]]>([
    [
      'mutex',
      true,
      [
        [0, 'acquire', null, 0, 1],
        [0, 'release', null, 2, 3],
        [1, 'acquire', null, 2.5, 4],
      ],
    ],
    [
      'mutex',
      false,
      [
        [0, 'acquire', null, 0, 1],
        [1, 'acquire', null, 2, 3],
      ],
    ],
    [
      'mutex',
      true,
      [
        [0, 'acquire', null, 0, 1],
        [0, 'release', null, 2],
        [1, 'acquire', null, 4, 5],
      ],
    ],
    [
      'owned-mutex',
      false,
      [
        [0, 'acquire', null, 0, 1],
        [1, 'release', null, 2, 3],
      ],
    ],
    [
      'queue',
      false,
      [
        [0, 'enqueue', 1, 0, 1],
        [0, 'enqueue', 2, 2, 3],
        [1, 'dequeue', 2, 4, 5],
        [1, 'dequeue', 1, 6, 7],
      ],
    ],
    [
      'queue',
      false,
      [
        [0, 'enqueue', 1, 0, 1],
        [1, 'dequeue', null, 4, 5],
      ],
    ],
    [
      'queue',
      true,
      [
        [0, 'enqueue', 1, 0, 1],
        [2, 'dequeue', null, 2],
        [1, 'dequeue', null, 4, 5],
      ],
    ],
    [
      'queue',
      false,
      [
        [0, 'enqueue', 1, 0, 1],
        [0, 'enqueue', 1, 2, 3],
        [1, 'dequeue', 1, 4, 5],
        [1, 'dequeue', 1, 4, 5],
        [1, 'dequeue', 1, 6, 7],
      ],
    ],
    [
      'set',
      true,
      [
        [0, 'add', 1, 0, 1],
        [0, 'add', 2, 2, 5],
        [1, 'read', [1], 3, 4],
        [1, 'read', [2, 1], 6, 7],
      ],
    ],
    [
      'set',
      false,
      [
        [0, 'add', 1, 0, 1],
        [1, 'read', [], 3, 4],
      ],
    ],
    [
      'counter',
      true,
      [
        [0, 'add', 1, 0, 1],
        [0, 'add', -2, 2, 5],
        [1, 'read', -1, 3, 4],
      ],
    ],
    [
      'counter',
      false,
      [
        [0, 'add', 1, 0, 1],
        [0, 'add', -2, 2, 5],
        [1, 'read', 0, 3, 4],
      ],
    ],
    [
      'multi-register',
      true,
      [
        [
          0,
          'txn',
          [
            ['w', 'x', 1],
            ['r', 'y', null],
          ],
          0,
          1,
        ],
        [
          1,
          'txn',
          [
            ['r', 'x', 1],
            ['w', 'y', 2],
          ],
          2,
          3,
        ],
      ],
    ],
    [
      'multi-register',
      false,
      [
        [
          0,
          'txn',
          [
            ['w', 'x', 1],
            ['w', 'y', 1],
          ],
          0,
          1,
        ],
        [
          1,
          'txn',
          [
            ['r', 'x', 1],
            ['r', 'y', null],
          ],
          2,
          3,
        ],
      ],
    ],
  ])('%s: %s', (model, valid, rows) => {
    expect(check(model, rows)).toMatchObject({ valid, model });
  });

  it('takes a model of your own', () => {
    const stack: SequentialModel<readonly unknown[]> = {
      name: 'stack',
      init: () => [],
      step: (state, { f, value }) =>
        f === 'push' ? [value, ...state] : state[0] === value ? state.slice(1) : undefined,
    };
    expect(
      check(stack, [
        [0, 'push', 1, 0, 1],
        [0, 'push', 2, 2, 3],
        [0, 'pop', 2, 4, 5],
        [0, 'pop', 1, 6, 7],
      ]).valid,
    ).toBe(true);
    expect(
      check(stack, [
        [0, 'push', 1, 0, 1],
        [0, 'push', 2, 2, 3],
        [0, 'pop', 1, 4, 5],
      ]),
    ).toMatchObject({
      valid: false,
      model: 'stack',
      anomalies: [
        {
          type: 'not-linearizable',
          message:
            'pop of 1 by process 0 at +0.004 s cannot be: by then it was [2,1]; 2 of 3 completed operations can be put in order before it',
        },
      ],
    });
  });
});

describe('checkLinearizability() without an answer', () => {
  it('does not pass a history that shows nothing', () => {
    expect(check('register', [])).toMatchObject({
      valid: 'unknown',
      reason: expect.stringContaining('nothing could be wrong'),
    });
    expect(check('register', [[0, 'write', 1, 0, 1]]).valid).toBe('unknown');
    expect(
      check('cas-register', [
        [0, 'write', 1, 0, 1],
        [0, 'cas', [1, 2], 3, 4, 'fail'],
        [1, 'read', null, 2],
      ]).valid,
    ).toBe('unknown');
    expect(check('queue', [[0, 'enqueue', 1, 0, 1]]).valid).toBe('unknown');
  });

  it('gives up when the budget is spent, and finds a wrong key beside a hard one', () => {
    // Nothing tells the order of 24 concurrent adds, and the sum is wrong.
    const hard: Row[] = Array.from(
      { length: 24 },
      (_, index) => [index, 'add', ['hard', 2 ** index], index / 100, 100] as const,
    );
    const rows: Row[] = [...hard, [30, 'read', ['hard', 2 ** 24 - 1], 200, 201], [31, 'read', ['hard', 3], 202, 203]];
    expect(check('counter', rows, { maxSteps: 50_000 })).toMatchObject({
      valid: 'unknown',
      reason: expect.stringMatching(/^gave up after 500\d\d steps \(maxSteps\) with 1 of 1 parts open$/),
    });
    const beside: Row[] = [
      [40, 'add', ['easy', 1], 300, 301],
      [40, 'read', ['easy', 5], 302, 303],
    ];
    expect(check('counter', [...rows, ...beside], { maxSteps: 50_000 })).toMatchObject({
      valid: false,
      anomalies: [{ message: expect.stringContaining('key "easy"') }],
    });
  });

  it('refuses misuse with the value', () => {
    expect(() => check('stack' as 'queue', [])).toThrow('current model is "stack", it must be register');
    expect(() => check('register', [], { maxSteps: 0 })).toThrow('maxSteps is 0');
    expect(() => check('register', [[0, 'cas', [1, 2], 0, 1]])).toThrow(
      new TypeError('Cannot check an operation of a register: current f is "cas", it must be read or write'),
    );
    expect(() => check('cas-register', [[0, 'cas', 1, 0, 1]])).toThrow(
      'Cannot check a cas: current value is 1, it must be [from, to]',
    );
    expect(() => check('register', [[0, 'write', 1, 0, 1]], { independent: true })).toThrow(
      'Cannot tell the key of an operation: current value of the write is 1',
    );
  });
});

describe('checkLinearizabilityAsync()', () => {
  const history = record([
    [0, 'write', 1, 0, 1],
    [1, 'cas', [1, 1], 2, 3],
    [2, 'read', 2, 4, 5],
  ]);

  it('gives the same verdict', async () => {
    expect(await checkLinearizabilityAsync(history, { model: 'cas-register' })).toEqual(
      checkLinearizability(history, { model: 'cas-register' }),
    );
  });

  it('stops at an abort', async () => {
    const reason = new Error('enough');
    await expect(
      checkLinearizabilityAsync(history, { model: 'cas-register', signal: AbortSignal.abort(reason) }),
    ).rejects.toBe(reason);
  });
});
