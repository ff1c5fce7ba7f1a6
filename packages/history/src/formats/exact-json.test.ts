import fc from 'fast-check';
import { expect, it } from 'vitest';
import { check } from '../check.js';
import { formatJson, parseJson } from './exact-json.js';
import { parseHistory } from './read-history.js';

const isLarge = (one: bigint): boolean => String(Number(one)) !== String(one);

it('keeps whole numbers that no double has, and nothing else apart', () => {
  expect(parseJson('[9007199254740993,-123456789012345678901234567890]')).toEqual([
    9007199254740993n,
    -123456789012345678901234567890n,
  ]);
  expect(parseJson('[9007199254740991,1.2345678901234567,1e20,1234567890123456789e-3,"9007199254740993"]')).toEqual([
    9007199254740991,
    1.2345678901234567,
    1e20,
    1234567890123456.8,
    '9007199254740993',
  ]);
  expect(parseJson('{"a\\"9007199254740993":{"b":9007199254740993}}')).toEqual({
    'a"9007199254740993': { b: 9007199254740993n },
  });
  expect(() => parseJson('[9007199254740993')).toThrow(SyntaxError);
});

it('gives back what it wrote', () => {
  const value = fc.letrec<{ any: unknown }>((tie) => ({
    any: fc.oneof(
      { maxDepth: 3 },
      fc.bigInt({ min: 2n ** 53n, max: 2n ** 90n }).filter(isLarge),
      fc.bigInt({ min: -(2n ** 90n), max: -(2n ** 53n) }).filter(isLarge),
      fc.integer(),
      fc.string(),
      fc.array(tie('any'), { maxLength: 3 }),
      fc.dictionary(fc.string(), tie('any'), { maxKeys: 3 }),
    ),
  })).any;
  fc.assert(
    fc.property(value, (one) => {
      expect(parseJson(formatJson(one)!)).toEqual(one);
    }),
  );
});

it('tells a read of the next larger number from a right one, and takes such a time', () => {
  const judge = (read: string): unknown => {
    const line = (type: string, f: string, value: string): string =>
      `{"type":"${type}","process":0,"f":"${f}","value":${value},"time":1700000000000000001}`;
    const text = [
      line('invoke', 'write', '9007199254740993'),
      line('ok', 'write', '9007199254740993'),
      line('invoke', 'read', 'null'),
      line('ok', 'read', read),
    ].join('\n');
    return check(parseHistory(text), { model: 'linearizable-register' });
  };
  expect(judge('9007199254740993')).toMatchObject({ valid: true });
  expect(judge('9007199254740992')).toMatchObject({ valid: false, anomalies: [{ type: 'garbage-read' }] });
});

it('a map of EDN has each key once', () => {
  expect(() => parseHistory('{:type :invoke, :type :ok, :process 0, :f :read}', { name: 'h.edn' })).toThrow(
    'h.edn:1:1: a map has each key once, current is "type" twice',
  );
});
