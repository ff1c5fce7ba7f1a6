import { expect, test } from 'vitest';
import { MAX_TEXT, toPlain } from './plain.js';

const cycle: Record<string, unknown> = { name: 'cycle' };
cycle['self'] = cycle;
const { proxy: revoked, revoke } = Proxy.revocable({}, {});
revoke();
// Each member contains two more of its kind.
const bottomless = (): object => ({
  get left() {
    return bottomless();
  },
  get right() {
    return bottomless();
  },
});

test('what JSON carries is what JSON makes of it', () => {
  for (const value of [
    null,
    true,
    'text',
    1.5,
    NaN,
    [1, undefined, () => {}],
    { a: 1, b: undefined, c: () => {}, d: new Date(0), e: [{}], f: Buffer.from('x') },
    { toJSON: () => ({ own: 1 }) },
    [Object('boxed'), Object(1), Object(true)],
  ])
    expect(toPlain(value)).toEqual(JSON.parse(JSON.stringify(value)));
});

test('what JSON cannot carry is a text that tells what was there, and costs nothing beside it', () => {
  const hostile = {
    big: 12n,
    symbol: Symbol('s'),
    cycle,
    revoked,
    get thrower(): never {
      throw new Error('not now');
    },
    toJson: {
      toJSON: () => {
        throw new Error('no JSON');
      },
    },
    beside: 'well',
  };
  expect(toPlain(hostile)).toEqual({
    big: '12n',
    symbol: 'Symbol(s)',
    cycle: { name: 'cycle', self: '[Circular]' },
    revoked: expect.stringContaining('revoked'),
    thrower: '[cannot be read: not now]',
    toJson: '[cannot be read: no JSON]',
    beside: 'well',
  });
});

test('what has no end has one here', () => {
  expect(JSON.stringify(toPlain(bottomless()))).toContain('more than can be told');
  let deep: unknown = 1;
  for (let n = 0; n < 100_000; n++) deep = [deep];
  expect(JSON.stringify(toPlain(deep))).toContain('more than can be told');
  const cut = toPlain({ text: 'x'.repeat(MAX_TEXT + 10) }) as { text: string };
  expect(cut.text.length).toBeLessThan(MAX_TEXT + 100);
  expect(cut.text).toContain(`it has ${MAX_TEXT + 10} characters`);
});
