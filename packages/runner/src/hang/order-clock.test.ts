import { afterEach, expect, test, vi } from 'vitest';
import { LOAD_MS, OrderClock } from './order-clock.js';

vi.useFakeTimers();
afterEach(() => vi.clearAllTimers());

test('an import has its limit, what comes between tests has the budget of hooks on top', () => {
  const late = vi.fn<(message: string) => void>();
  const clock = new OrderClock(1000, late);
  clock.importing();
  vi.advanceTimersByTime(LOAD_MS - 1);
  clock.between();
  vi.advanceTimersByTime(LOAD_MS + 999);
  expect(late).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(late).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('began no test'));
  clock.importing();
  vi.advanceTimersByTime(LOAD_MS);
  expect(late).toHaveBeenLastCalledWith(`its file was still being imported after ${LOAD_MS} ms`);
});

test('a test has a clock of its own, and without a budget only the import has a limit', () => {
  const late = vi.fn<(message: string) => void>();
  const clock = new OrderClock(0, late);
  clock.importing();
  clock.stop();
  clock.between();
  vi.advanceTimersByTime(10 * LOAD_MS);
  expect(late).not.toHaveBeenCalled();
});
