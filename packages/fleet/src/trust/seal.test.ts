import { expect, test } from 'vitest';
import { sealWith } from './seal.js';

const seal = sealWith('0123456789abcdef');

test('opens what it closed, for the same place only', () => {
  const entry = seal.close('run/unit/1', { ids: ['ü'] });
  expect(seal.open('run/unit/1', entry)).toEqual({ ids: ['ü'] });
  expect(seal.open('run/unit/2', entry)).toBeUndefined();
  expect(sealWith('another key, as long').open('run/unit/1', entry)).toBeUndefined();
});

test('refuses what was changed, cut off, or never signed', () => {
  const entry = Buffer.from(seal.close('place', { run: 'this' }), 'base64');
  for (let index = 0; index < entry.length; index++) {
    const changed = Buffer.from(entry);
    changed[index]! ^= 1;
    expect(seal.open('place', changed.toString('base64'))).toBeUndefined();
  }
  for (const text of ['', 'x', '{}', entry.subarray(0, 32).toString('base64')])
    expect(seal.open('place', text)).toBeUndefined();
  for (const text of [undefined, null, 1, {}, []]) expect(seal.open('place', text)).toBeUndefined();
});

test('a place cannot be mistaken for the beginning of a content', () => {
  const [short, long] = ['a', 'a1:a'];
  expect(seal.open(long, seal.close(short, 1))).toBeUndefined();
});
