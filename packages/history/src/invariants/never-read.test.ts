import { expect, it } from 'vitest';
import { check } from '../check.js';
import { record } from '../record.test.helper.js';

it('a set whose adds were acknowledged only after its last read is unknown', () => {
  const late = record([
    [1, 'read', [], 0, 1],
    [0, 'add', 1, 2, 3],
  ]);
  expect(check(late, { model: 'set' })).toMatchObject({
    valid: 'unknown',
    reason: 'every add was acknowledged only after the last read had begun',
    coverage: { neverRead: 1 },
  });
});

it('the coverage counts what no read can have shown', () => {
  const set = record([
    [0, 'add', 1, 0, 1],
    [1, 'read', [1], 2, 5],
    [0, 'add', 2, 3, 4],
  ]);
  expect(check(set, { model: 'set' })).toMatchObject({ valid: true, coverage: { neverRead: 1, lost: 0 } });
  const rows = record([
    [0, 'add', { value: 1 }, 0, 1],
    [1, 'read', [{ value: 1, timestamp: 1 }], 2, 5],
    [0, 'add', { value: 2 }, 3, 4],
  ]);
  expect(check(rows, { model: 'monotonic' })).toMatchObject({ valid: true, coverage: { neverRead: 1, lost: 0 } });
});
