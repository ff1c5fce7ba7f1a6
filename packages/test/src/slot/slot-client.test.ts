import { activeFault, type Json, type SlotContext } from '@chaos/spec';
import type { SlotHandle } from '@chaos/runner';
import { expect, test } from 'vitest';
import { defineSlotFixture } from './define-slot-fixture.js';
import { slotClient } from './slot-client.js';

interface Protocol {
  readonly address: { readonly port: number };
  readonly faults: { readonly slow: { readonly delayMs: number; readonly jitterMs?: number } };
  readonly methods: { add(one: number, other: number): number; log(lines?: number | null): string };
}

const signal = AbortSignal.timeout(5000);

test('both sides of a slot fixture are held to one protocol, and what crosses is plain data', async () => {
  const injected: unknown[] = [];
  const fixture = defineSlotFixture<AsyncDisposable, Protocol>({
    name: 'thing',
    needs: [],
    start: async () => ({ [Symbol.asyncDispose]: async () => {} }),
    // @ts-expect-error the address has a port
    address: () => ({ prot: 1 }),
    check: async () => {},
    reset: async () => {},
    faults: {
      slow: (_, { delayMs, jitterMs, name }) => ({
        name,
        async inject() {
          injected.push([name, delayMs, jitterMs]);
          return activeFault(async () => void injected.push('healed'));
        },
      }),
    },
    methods: {
      add: async (_, [one, other]) => one + other,
      log: async (_, [lines]) => `${lines ?? 'all'}`,
    },
  });
  await fixture.up({} as SlotContext, signal);
  const handle: SlotHandle<Protocol['address']> = {
    address: { port: 7 },
    call: async <T extends Json>(method: string, args: readonly Json[] = []) =>
      (await fixture.call(method, JSON.parse(JSON.stringify(args)) as Json[], signal)) as T,
    sibling: () => handle as never,
  };
  const client = slotClient<Protocol>(handle);
  expect(client.address.port).toBe(7);
  expect(await client.call('add', [1, 2])).toBe(3);
  expect(await client.call('log', [])).toBe('all');
  const fault = await client.fault('slow thing', 'slow', { delayMs: 5 }).inject(signal);
  await fault.heal();
  expect(injected).toEqual([['slow', 5, undefined], 'healed']);
  // @ts-expect-error there is no such method
  await expect(client.call('sub', [1, 2])).rejects.toThrow('known are add, log');
  // @ts-expect-error the second argument is a number
  expect(await client.call('add', [1, 'two'])).toBe('1two');
  // @ts-expect-error the delay is missing
  expect(client.fault('slow thing', 'slow', { jitterMs: 1 }).name).toBe('slow thing');
  await fixture.down();
});
