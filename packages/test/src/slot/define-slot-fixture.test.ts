import type { Fault, SlotContext } from '@chaos/spec';
import { beforeEach, describe, expect, test } from 'vitest';
import { defineSlotFixture, type SlotFixtureParts } from './define-slot-fixture.js';

const never = new AbortController().signal;
const context = {} as SlotContext;
let events: string[];

beforeEach(() => {
  events = [];
});

const fault = (name: string, failure?: Error): Fault => ({
  name,
  async inject() {
    events.push(`inject ${name}`);
    const heal = async (): Promise<void> => {
      events.push(`heal ${name}`);
      if (failure) throw failure;
    };
    return { heal, [Symbol.asyncDispose]: heal };
  },
});

const parts: SlotFixtureParts<AsyncDisposable> = {
  name: 'thing',
  needs: ['other'],
  start: async () => ({ [Symbol.asyncDispose]: async () => void events.push('gone') }),
  address: () => ({ url: 'x' }),
  check: async () => undefined,
  reset: async () => void events.push('reset'),
  faults: { break: (_, { how }) => fault(how as string), stick: () => fault('stick', new Error('stuck')) },
  methods: { add: async (_, [a, b]) => Number(a) + Number(b) },
};

describe('defineSlotFixture()', () => {
  test('finds methods by name', async () => {
    const fixture = defineSlotFixture(parts);
    await fixture.up(context, never);
    expect(await fixture.call('add', [1, 2], never)).toBe(3);
    await expect(fixture.call('constructor', [], never)).rejects.toThrow(
      new TypeError('Cannot call thing: the name is "constructor", known are add'),
    );
    expect(fixture).not.toHaveProperty('snapshot');
  });

  test('heals by number, once, and ignores unknown numbers', async () => {
    const fixture = defineSlotFixture(parts);
    await fixture.up(context, never);
    const one = await fixture.call('inject', [{ name: 'break', how: 'one' }], never);
    const two = await fixture.call('inject', [{ name: 'break', how: 'two' }], never);
    expect(one).not.toEqual(two);
    for (const handle of [one, one, { id: 99 }]) expect(await fixture.call('heal', [handle], never)).toBeNull();
    expect(events).toEqual(['inject one', 'inject two', 'heal one']);
  });

  test.each([
    [{ name: 'explode' }, 'Cannot inject into thing: the name is "explode", known are break, stick'],
    [{}, 'Cannot inject into thing: the name is undefined'],
    ['break', 'Cannot inject into thing: the argument is "break", an object is needed'],
  ])('refuses to inject %j', async (options, message) => {
    const fixture = defineSlotFixture(parts);
    await fixture.up(context, never);
    await expect(fixture.call('inject', [options], never)).rejects.toThrow(message);
  });

  test('reset heals in reverse, all of them, before it resets, and fails when one cannot be healed', async () => {
    const fixture = defineSlotFixture(parts);
    await fixture.up(context, never);
    await fixture.call('inject', [{ name: 'break', how: 'one' }], never);
    await fixture.call('inject', [{ name: 'break', how: 'two' }], never);
    await fixture.reset(never);
    expect(events.splice(0)).toEqual(['inject one', 'inject two', 'heal two', 'heal one', 'reset']);
    await fixture.call('inject', [{ name: 'break', how: 'three' }], never);
    await fixture.call('inject', [{ name: 'stick' }], never);
    await expect(fixture.reset(never)).rejects.toThrow('stuck');
    expect(events).toEqual(['inject three', 'inject stick', 'heal stick', 'heal three']);
  });

  test('is not usable before it is up, nor after it is down; down twice is harmless', async () => {
    const fixture = defineSlotFixture(parts);
    expect(() => fixture.address()).toThrow(/thing: it is not up/);
    await expect(fixture.check(never)).rejects.toThrow(TypeError);
    await fixture.up(context, never);
    await expect(fixture.up(context, never)).rejects.toThrow(/up already/);
    await fixture.down();
    await fixture.down();
    expect(events).toEqual(['gone']);
    expect(() => fixture.address()).toThrow(TypeError);
    await fixture.up(context, never);
    expect(fixture.address()).toEqual({ url: 'x' });
  });
});
