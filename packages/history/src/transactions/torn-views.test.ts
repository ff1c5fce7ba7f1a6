import { describe, expect, it } from 'vitest';
import { checkTransactions } from './check-transactions.js';
import type { Short } from './history.test.fixture.js';
import { historyOf } from './history.test.fixture.js';

const levelsOf = (transactions: readonly (string | Short)[]): Readonly<Record<string, boolean>> =>
  checkTransactions(historyOf(transactions), { minimumObserved: 0 }).levels;
const typesOf = (transactions: readonly (string | Short)[]): readonly string[] =>
  checkTransactions(historyOf(transactions)).anomalies.map(({ type }) => type);

describe('monotonic atomic view: what was seen of a transaction stays seen', () => {
  it.each([
    ['of a register that was read', ['wx1', 'gx1 gx_']],
    ['in a read in between', ['wx1', 'gx1 gx_ gx1']],
    ['of a register, though another is older', ['wx1', 'gx1 wx2', 'gx2 gx1']],
    ['of another register', ['wx1 wy1', 'gx1 gy_']],
    ['of a list that was read', ['ax1', 'rx1 rx']],
    ['beneath an append of its own', ['ax1 ay2', 'ax3 rx13 ry']],
  ])('%s', (_, transactions) => {
    expect(levelsOf(transactions)).toMatchObject({ 'monotonic-atomic-view': false, 'read-committed': true });
    expect(typesOf(transactions)).toContain('OTV');
  });

  it.each([
    ['an older value was read before', ['wx1', 'gx_ gx1']],
    // As PostgreSQL does under READ COMMITTED: the read-modify-write of the first overwrites the second.
    ['a later write may be of one that read before', ['gx_ wx2', 'wx1 wy1', 'gy1 gx2']],
  ])('holds where %s', (_, transactions) => {
    expect(levelsOf(transactions)['monotonic-atomic-view']).toBe(true);
  });
});

describe('cursor stability: nothing comes between a read and the write after it', () => {
  it.each([
    ['of lists whose order is known', ['rx ax2', 'ax1', 'rx12']],
    ['of lists, if the write was never seen', ['rx ax2', 'ax1', 'rx1']],
    ['of two that read the same', ['gx_ wx1', 'gx_ wx2']],
  ])('%s', (_, transactions) => {
    expect(levelsOf(transactions)).toMatchObject({ 'cursor-stability': false, 'read-committed': true });
    expect(typesOf(transactions)).toContain('lost-update');
  });

  it('counts the last read before the write', () => {
    expect(levelsOf(['wx1', 'gx_ gx1 wx2', 'gx2'])['cursor-stability']).toBe(true);
    expect(levelsOf(['ax1', 'rx rx1 ax2', 'rx12'])['cursor-stability']).toBe(true);
  });
});

it('tells how many appends have no order, for that may hide a violation', () => {
  // Both orders of the appends to y are impossible: either loses an update or is read skew.
  const hole = checkTransactions(historyOf(['rx ay3', 'ry ay1 ax2 rx2']), { model: 'snapshot-isolation' });
  expect(hole).toMatchObject({ valid: true, coverage: { unorderedAppends: 2 } });
  const { coverage } = checkTransactions(historyOf(['rx ay3', 'ry ay1 ax2 rx2', 'ry13']));
  expect(coverage).not.toHaveProperty('unorderedAppends');
});

describe('read atomic: a transaction is seen whole or not at all', () => {
  it.each([
    ['though the reader then wrote the key and read that back', ['wx1 wy2', 'gx_ wx3 gy2 gx3']],
    ['though it wrote the key before it saw the other', ['wx1 wy2', 'gx_ wx3 gx3 gy2']],
  ])('%s', (_, transactions) => {
    expect(levelsOf(transactions)).toMatchObject({ 'read-atomic': false, 'read-committed': true });
    expect(typesOf(transactions)).toContain('fractured-read');
  });
});
