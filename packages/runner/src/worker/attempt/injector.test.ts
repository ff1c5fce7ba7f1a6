import { afterEach, expect, test, vi } from 'vitest';
import { Injector } from './injector.js';

afterEach(() => void vi.useRealTimers());

function injecting(): Injector {
  return new Injector({
    enabled: true,
    journal: () => {
      throw new Error('there is no undo');
    },
    signal: () => new AbortController().signal,
    onChange: () => {},
  });
}

test('a fault that ends by itself does so in spite of the timers that a test puts in place of the real ones', async () => {
  const injector = injecting();
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

test('a fault in force tells what it met, also when it is healed', async () => {
  let connections = 0;
  const heal = async (): Promise<void> => {};
  const met = (): { connections: number } => ({ connections });
  const active = await injecting().inject({
    name: 'counted',
    inject: async () => ({ heal, met, [Symbol.asyncDispose]: heal }),
  });
  expect(active.met!()).toEqual({ connections: 0 });
  connections = 3;
  await active.heal();
  expect(active.met!()).toEqual({ connections: 3 });
});

test('a fault that cannot know what it met has no answer', async () => {
  const heal = async (): Promise<void> => {};
  const active = await injecting().inject({
    name: 'blind',
    inject: async () => ({ heal, [Symbol.asyncDispose]: heal }),
  });
  expect(active).not.toHaveProperty('met');
});
