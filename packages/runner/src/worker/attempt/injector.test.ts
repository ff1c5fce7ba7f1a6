import { afterEach, expect, test, vi } from 'vitest';
import { Injector } from './injector.js';

afterEach(() => void vi.useRealTimers());

test('a fault that ends by itself does so in spite of the timers that a test puts in place of the real ones', async () => {
  const injector = new Injector({
    enabled: true,
    journal: () => {
      throw new Error('there is no undo');
    },
    signal: () => new AbortController().signal,
    onChange: () => {},
  });
  vi.useFakeTimers();
  const healed = new Promise<void>((resolve) => {
    const heal = async (): Promise<void> => resolve();
    void injector.inject({ name: 'short', durationMs: 1, inject: async () => ({ heal, [Symbol.asyncDispose]: heal }) });
  });
  await healed;
  vi.useRealTimers();
  await vi.waitFor(() => expect(injector.active).toBe(false));
  expect(injector.windows).toMatchObject([{ name: 'short', endMs: expect.any(Number) }]);
});
