import { describe, expect, it } from 'vitest';
import { checkTransactions } from './check-transactions.js';
import { historyOf } from './history.test.fixture.js';

describe('a read in between does not hide that an own write has vanished', () => {
  it.each([
    ['a register', ['wx1 gx1 gx_', 'gx1']],
    ['a register with a value of another', ['wx2', 'wx1 gx1 gx1 gx2']],
    ['the last of two own writes', ['wx1 wx2 gx2 gx1']],
    ['a list', ['rx ax1 rx1 rx', 'rx1']],
    ['a list, of two appends', ['ax1 rx1 ax2 rx12 rx2', 'rx12']],
  ])('%s', (_, transactions) => {
    const { valid, anomalies } = checkTransactions(historyOf(transactions), { model: 'read-committed' });
    expect(valid).toBe(false);
    expect(anomalies).toContainEqual(expect.objectContaining({ type: 'internal', forbiddenBy: 'read-committed' }));
  });

  it('while a second read that differs from the first is forbidden from read atomic on', () => {
    const history = historyOf(['gx_ gx1', 'wx1']);
    expect(checkTransactions(history, { model: 'monotonic-atomic-view', minimumObserved: 0 }).valid).toBe(true);
    expect(checkTransactions(history, { model: 'read-atomic' }).valid).toBe(false);
  });
});
