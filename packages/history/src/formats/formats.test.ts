import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { anyCharacter } from '../any-character.test.helper.js';
import { check } from '../check.js';
import type { History } from '../history.js';
import { formatEdn } from './format-edn.js';
import { formatNdjson } from './format-ndjson.js';
import { jsonErrorOffset } from './json-error-offset.js';
import { parseHistory, readHistory } from './read-history.js';
import { writeHistory } from './write-history.js';

const text = (lines: Iterable<string>): string => [...lines].join('');

const HISTORY: History = {
  operations: [
    {
      process: 0,
      f: 'txn',
      type: 'ok',
      value: [
        ['append', 1, 2],
        ['r', 'x', [1, 2]],
      ],
      invoked: 0,
      completed: 3,
      invokedNs: 10,
      completedNs: 40,
    },
    {
      process: 1,
      f: 'read',
      type: 'info',
      value: null,
      invoked: 1,
      completed: Infinity,
      invokedNs: 20,
      completedNs: Infinity,
      error: 'a "lost" connection',
    },
    {
      process: 2,
      f: 'transfer',
      type: 'fail',
      value: { from: 0, to: 1, amount: 5 },
      invoked: 2,
      completed: 4,
      invokedNs: 30,
      completedNs: 50,
      error: '40001',
    },
  ],
  faults: [
    { name: 'link target→postgres cut', startNs: 25, endNs: 45 },
    { name: 'still', startNs: 45, endNs: Infinity },
  ],
};

describe('what is written is read back', () => {
  it.each([
    ['NDJSON', formatNdjson],
    ['EDN', formatEdn],
  ])('%s', (_, format) => {
    expect(parseHistory(text(format(HISTORY)))).toEqual(HISTORY);
  });

  it('through a file, by its name', async () => {
    const folder = mkdtempSync('/tmp/history-');
    onTestFinished(() => rmSync(folder, { recursive: true }));
    for (const name of ['a.edn', 'a.ndjson']) {
      await writeHistory(join(folder, name), HISTORY);
      expect(await readHistory(join(folder, name))).toEqual(HISTORY);
    }
  });

  it('in pieces of any size', async () => {
    const whole = Buffer.from(text(formatNdjson(HISTORY)));
    for (const size of [1, 7, 64]) {
      const pieces = Array.from({ length: Math.ceil(whole.length / size) }, (_, index) =>
        whole.subarray(index * size, (index + 1) * size),
      );
      expect(await readHistory(Readable.from(pieces, { objectMode: false }))).toEqual(HISTORY);
    }
  });

  it('whatever the value is', { timeout: 60_000 }, () => {
    // As JSON has it: there is no -0 in it.
    const value = fc
      .json({ depthSize: 'small', stringUnit: anyCharacter })
      .map((json) => JSON.parse(json.replaceAll(/-0(?![.\d])/g, '0')) as unknown);
    fc.assert(
      fc.property(value, (json) => {
        const history: History = {
          operations: [
            { process: 3, f: 'write', type: 'ok', value: json, invoked: 0, completed: 1, invokedNs: 5, completedNs: 6 },
          ],
          faults: [],
        };
        expect(parseHistory(text(formatNdjson(history)), { format: 'ndjson' })).toEqual(history);
        expect(parseHistory(text(formatEdn(history)), { format: 'edn' })).toEqual(history);
      }),
      { numRuns: 300 },
    );
  });
});

describe('the histories of others', () => {
  it('reads records, tags, sets, comments, discards, ratios and namespaced keywords', () => {
    const { operations } = parseHistory(`; Jepsen
      #jepsen.history.Op{:index 0, :time 5, :type :invoke, :process 0, :f :read, :value nil}
      #_{:type :broken}
      {:type :ok, :process 0, :f :read, :time 9 :value #{1 2 #inst "2020-01-01"}, :extra [\\a \\newline 1/2 3N 1.5M ##Inf ^:meta sym #:ns{:a 1}]}`);
    expect(operations).toEqual([
      {
        process: 0,
        f: 'read',
        type: 'ok',
        value: [1, 2, '2020-01-01'],
        invoked: 0,
        completed: 1,
        invokedNs: 5,
        completedNs: 9,
      },
    ]);
  });

  it('reads a vector or list of maps, without times, with the faults of a nemesis', () => {
    const events =
      '{:process :nemesis, :type :info, :f :start-partition}{:process :nemesis, :type :info, :f :start-partition} {:type :invoke :f :write :value 1 :process 4} {:process :nemesis :type :info :f :stop-partition} {:type :info :f :write :value 1 :process 4 :error [:timeout 5]}';
    for (const all of [events, `[${events}]`, `(${events})`]) {
      expect(parseHistory(all)).toEqual({
        operations: [
          {
            process: 4,
            f: 'write',
            type: 'info',
            value: 1,
            invoked: 0,
            completed: Infinity,
            invokedNs: 0,
            completedNs: Infinity,
            error: '["timeout",5]',
          },
        ],
        faults: [{ name: 'partition', startNs: 0, endNs: 1 }],
      });
    }
  });

  it('reads transactions without f and the keyed operations of porcupine', () => {
    const { operations } = parseHistory(
      '{:type :invoke, :process 0, :value [[:append :x 1] [:r 4 nil]]}\n{:type :ok, :process 0, :value [[:append :x 1] [:r 4 [1 2]]]}\n{:process 0, :type :invoke, :f :append, :key "4", :value "x 0 1 y"}',
    );
    expect(operations.map(({ f, value }) => [f, value])).toEqual([
      [
        'txn',
        [
          ['append', 'x', 1],
          ['r', 4, [1, 2]],
        ],
      ],
      ['append', ['4', 'x 0 1 y']],
    ]);
  });

  it('reads the array of events that elle-cli takes', () => {
    expect(
      parseHistory(
        '[{"type":"invoke","f":"add","value":1,"process":0},\n{"type":"ok","f":"add","value":1,"process":0}]',
      ).operations,
    ).toHaveLength(1);
  });

  it('reads the etcd log: errors stand where values do, noise is passed over', () => {
    const { operations, faults } = parseHistory(
      [
        'INFO  jepsen.core - starting',
        'INFO  jepsen.util - 3\t:invoke\t:cas\t[1 2]',
        'INFO  jepsen.util - :nemesis\t:info\t:start\t"Cut off"',
        'INFO  jepsen.util - 0\t:invoke\t:read\tnil',
        'INFO  jepsen.util - 3\t:info\t:cas\t:timed-out',
        'INFO  jepsen.util - 0\t:ok\t:read\t4',
      ].join('\n'),
    );
    expect(operations).toMatchObject([
      { process: 3, f: 'cas', type: 'info', value: [1, 2], completed: Infinity, error: 'timed-out' },
      { process: 0, f: 'read', type: 'ok', value: 4, completed: 3 },
    ]);
    expect(faults).toEqual([{ name: 'Cut off', startNs: 1, endNs: Infinity }]);
  });
});

describe('an unfinished file', () => {
  it('leaves what has not ended open, and the torn last line out', () => {
    const lines = [...formatNdjson(HISTORY)];
    const cut = lines.slice(0, 2).join('') + lines[2]!.slice(0, 20);
    expect(parseHistory(cut).operations).toMatchObject([
      { type: 'info', completed: Infinity },
      { type: 'info', completed: Infinity },
    ]);
  });

  it('may be empty, but then nothing tells the format', () => {
    expect(parseHistory('', { name: 'a.ndjson' })).toEqual({ operations: [], faults: [] });
    expect(() => parseHistory('')).toThrow('<history>:1:1: Cannot read the history: the file is empty');
  });
});

it('keys of other objects, and strings that are no keys, are not taken for the same key', () => {
  const value = [
    { a: 'a', b: { a: ['a', 'b'], '"': '\\' } },
    { a: ':', 'a ': 'a' },
  ];
  const event = JSON.stringify({ type: 'info', process: 0, f: 'write', value });
  expect(parseHistory(`${event.replace('info', 'invoke')}\n${event}\n`, { format: 'ndjson' }).operations).toHaveLength(
    1,
  );
});

describe('errors have a place', () => {
  it.each([
    [
      '{"type":"invoke","process":0,"f":"read"}\n{"type":"ok","process":0,"f":read}\n',
      'h:2:30: Cannot read the event: {"type":"ok","process":0,"f":read} is no JSON',
    ],
    [
      '{"type":"okk","process":0,"f":"read"}\n',
      'h:1:1: Cannot read the event: current type is "okk", allowed are invoke, ok, fail and info',
    ],
    [
      '{"type":"ok","process":0,"f":"read"}\n',
      'h:1:1: Cannot read the event: process 0 ends read, but nothing of it is open',
    ],
    ['{"type":"invoke","process":1.5,"f":"read"}\n', 'h:1:1: Cannot read the event: current process is 1.5'],
    [
      '{"type":"invoke","process":1,"f":"read"}\n\n{"type":"invoke","process":1,"f":"write"}\n',
      'h:3:1: Cannot read the event: process 1 invokes write while its operation read of line 1 is open',
    ],
    [
      '{"type":"invoke","process":1,"f":"read"}\n{"type":"ok","process":1,"f":"write"}\n',
      'h:2:1: Cannot read the event: process 1 ends write, but what it invoked on line 1 is read',
    ],
    ['[{"type":"invoke",\n"process":1,]', 'h:2:13: Cannot read the history: here it is no JSON'],
    [
      '{"type":"invoke","process":0,"f":"read"}\n{"type":"ok","process":0,"f":"read", "type" : "fail"}\n',
      'h:2:38: Cannot read the event: an object has each key once, current is "type" twice',
    ],
    [
      '{"type":"invoke","process":0,"f":"write","value":[{"a":{"x":1},"b":"{","\\u0061":2}]}\n',
      'h:1:72: Cannot read the event: an object has each key once, current is "a" twice',
    ],
    [
      `[{"type":"invoke","process":0,"f":"write",\n "value":{${Array.from('abcdefghijklmnopq')
        .map((key) => `"${key}":"a"`)
        .join()},"a":1}}]`,
      'h:2:147: Cannot read the history: an object has each key once, current is "a" twice',
    ],
    ['{:type :invoke, :process 0}\n{:type :ok :process 0 :value [1 2}', 'h:2:34: } closes nothing'],
    ['{:type :invoke, :process 0\n', 'h:1:1: what is opened here is not closed by }'],
    ['{:type :invoke, :process 0 :f}', 'h:1:1: a map needs a value for each key, current is 5 forms'],
    [
      '[{:type :invoke, :process 0 :f :read}\n  {:type :invoke, :process 0 :f :read}]',
      'h:2:3: Cannot read the event: process 0 invokes read while its operation read of line 1 is open',
    ],
    ['{:type :invoke, :process 0, :value 12a}', 'h:1:36: 12a is no number'],
    ['{:type :invoke, :value "a}', 'h:1:24: the string is not closed'],
    ['INFO  jepsen.util - 0 :invoke :cas [1 2', 'h:1:36: what is opened here is not closed by ]'],
    [
      'INFO  jepsen.util - 0 :invoke :read nil\nINFO  jepsen.util - 0 :okk :read 1',
      'h:2:21: Cannot read the event: current type is "okk"',
    ],
    [
      '[{"type":"invoke","process":0,"f":"re]ad"},\n [], {"type":"okk"}]',
      'h:2:2: Cannot read the event: current type is missing',
    ],
    ['hello', 'h:1:1: Cannot tell the format of the history'],
  ])('%j', (given, message) => {
    expect(() => parseHistory(given, { name: 'h' })).toThrow(
      expect.objectContaining({ code: 'HISTORY_FORMAT', message: expect.stringContaining(message) }),
    );
  });

  it.each([
    [
      '{"type":"invoke","process":0,"f":"txn","value":[["r","x",null]]}\n{"type":"ok","process":0,"f":"txn","value":[["read","x",1]]}\n',
      'serializable',
      'h:2:1: Cannot read the operation invoked at 0 by process 0 as a transaction: current step is ["read","x",1]',
    ],
    [
      '{:type :invoke, :process 0, :f :txn, :value [[:w 1 1]]} {:type :invoke, :process 1, :f :txn, :value [[:w 1 1]]}',
      'serializable',
      'h:1:57: Cannot check transactions: 1 is written to 1 twice',
    ],
    [
      '[{:type :invoke, :process 0, :f :read}\n {:type :ok, :process 0, :f :read, :value 1}\n {:type :invoke, :process 0, :f :push, :value 1}]',
      'register',
      'h:3:2: Cannot check an operation of a register: current f is "push"',
    ],
    [
      '[{"type":"invoke","process":0,"f":"read"},\n {"type":"ok","process":0,"f":"read","value":"\\"[5"}]',
      'bank',
      'h:2:2: Cannot check a bank: current value of the read of',
    ],
    ['INFO  jepsen.util - 0 :invoke :lock nil', 'counter', 'h:1:21: Cannot check a counter: current operation is lock'],
  ])('%j: also where only the model %s refuses it', (given, model, message) => {
    expect(() => check(parseHistory(given, { name: 'h' }), { model })).toThrow(
      expect.objectContaining({ code: 'HISTORY_FORMAT', message: expect.stringContaining(message) }),
    );
  });

  it('has none where the options are wrong, or the history is from no file', () => {
    const history = parseHistory(
      '{"type":"invoke","process":0,"f":"read"}\n{"type":"ok","process":0,"f":"read","value":{"a":1}}\n',
    );
    expect(() => check(history, { model: 'bank', accounts: 5 })).toThrow(
      new TypeError('Cannot check a bank: current accounts is 5, must be a list'),
    );
    expect(() => check({ ...history }, { model: 'set' })).toThrow(TypeError);
  });

  it.each([
    ['edn', `{:type :invoke,\n :value ${'['.repeat(20_000)}`, /^h:2:\d+: values nest deeper than 500/],
    ['edn', '#_ '.repeat(20_000), /^h:1:\d+: values nest deeper/],
    ['edn', `{:f ${'^a '.repeat(20_000)}`, /^h:1:\d+: values nest deeper/],
    ['edn', `{:f ${'#a '.repeat(20_000)}`, /^h:1:\d+: values nest deeper/],
    ['edn', `{:f ${'{:a '.repeat(20_000)}`, /^h:1:\d+: values nest deeper/],
    [
      'ndjson',
      `{}\n{"value":${'['.repeat(20_000)}${']'.repeat(20_000)}}\n`.slice(3),
      /^h:1:509: Cannot read the event: values nest/,
    ],
    [
      'ndjson',
      `{"value":${'{"\\"[":'.repeat(600)}1${'}'.repeat(600)}}\n`,
      /^h:1:\d+: Cannot read the event: values nest/,
    ],
    ['json', `[\n${'['.repeat(20_000)}${']'.repeat(20_000)}]`, /^h:2:500: Cannot read the history: values nest/],
  ] as const)('%s that nests without end is refused where it gets too deep (%#)', (format, text, message) => {
    expect(() => parseHistory(text, { name: 'h', format })).toThrow(
      expect.objectContaining({ code: 'HISTORY_FORMAT', message: expect.stringMatching(message) }),
    );
  });

  it('long values that do not nest are read', () => {
    const value = JSON.stringify(Array.from({ length: 2000 }, (_, at) => [`"[${at}`, '\\']));
    const events = [`{"type":"invoke","process":0,"f":"txn"}`, `{"type":"ok","process":0,"f":"txn","value":${value}}`];
    expect(JSON.stringify(parseHistory(`${events.join('\n')}\n`).operations[0]!.value)).toBe(value);
  });

  it('finds where a text stops being JSON', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), (json, where) => {
        const position = where % (json.length + 1);
        const broken = `${json.slice(0, position)}\u0001${json.slice(position)}`;
        expect(jsonErrorOffset(broken)).toBeLessThanOrEqual(position);
      }),
    );
    expect(['[1,]', '{"a" 1}', '[1 2]', '', '{"a":1]', '"a', '01'].map(jsonErrorOffset)).toEqual([3, 5, 3, 0, 6, 0, 0]);
  });
});
