import { hostname } from 'node:os';
import type { Reporter, RunEvent } from '@chaos/spec';
import { expect, test } from 'vitest';
import { EventBus } from './event-bus.js';

const hello: RunEvent = { type: 'diagnostic', text: 'hello' };
const listener = (): Reporter & { readonly heard: RunEvent[]; ended: boolean } => ({
  heard: [],
  ended: false,
  onEvent(event) {
    this.heard.push(event);
  },
  async end() {
    this.ended = true;
  },
});

test('EventBus drops a reporter that throws, once, and goes on with the others', async () => {
  const before = listener();
  const after = listener();
  let calls = 0;
  const broken: Reporter = {
    onEvent() {
      calls += 1;
      throw new Error('mine');
    },
  };
  const told: unknown[] = [];
  const bus = new EventBus([before, broken, after], (error) => told.push(error));
  bus.emit(hello);
  bus.emit(hello);
  await bus.end();
  expect(calls).toBe(1);
  expect(told).toEqual([new Error('mine')]);
  expect(bus).toMatchObject({ failed: true, errors: told });
  for (const { heard, ended } of [before, after])
    expect({ heard, ended }).toMatchObject({ heard: [hello, hello], ended: true });
});

test('EventBus gives an event without an origin this machine, and keeps any other', () => {
  const reporter = listener();
  const bus = new EventBus([reporter]);
  const origin = { host: 'elsewhere', slot: 1, worker: 4 };
  bus.emit(hello);
  bus.emit({ ...hello, origin });
  expect(reporter.heard.map((event) => event.origin)).toEqual([{ host: hostname() }, origin]);
});

test('EventBus drops a reporter whose promise or end() rejects', async () => {
  const late = { onEvent: (() => Promise.reject(new Error('late'))) as Reporter['onEvent'] };
  const last: Reporter = { onEvent() {}, end: () => Promise.reject(new Error('last')) };
  const bus = new EventBus([late, last]);
  bus.emit(hello);
  await bus.end();
  expect(bus.errors).toEqual([new Error('late'), new Error('last')]);
});

test('EventBus has failed after a run-error, though no reporter did', () => {
  const bus = new EventBus([listener()]);
  bus.emit(hello);
  expect(bus.failed).toBe(false);
  bus.emit({ type: 'run-error', error: { message: 'no test file' } });
  expect(bus).toMatchObject({ failed: true, errors: [] });
});

test('EventBus waits for what events have promised, and hears it fail', async () => {
  const done: string[] = [];
  const later = async (name: string): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve, 30));
    done.push(name);
  };
  const slow = { onEvent: (() => later('slow')) as unknown as Reporter['onEvent'] };
  const failing = {
    onEvent: (async () => {
      await later('failing');
      throw new Error('late');
    }) as unknown as Reporter['onEvent'],
    end: async () => {},
  };
  const bus = new EventBus([slow, failing]);
  bus.emit(hello);
  await bus.end();
  expect(done.sort()).toEqual(['failing', 'slow']);
  expect(bus.errors).toEqual([new Error('late')]);
});
