import { EventEmitter } from 'node:events';
import { expect, test, vi } from 'vitest';
import { Channel, type Peer } from './channel.js';

interface Asked {
  readonly requests: { readonly work: readonly [null, null] };
  readonly notifications: { readonly [K in never]: never };
}
interface Nothing {
  readonly requests: { readonly [K in never]: never };
  readonly notifications: { readonly [K in never]: never };
}

test('a peer that does not answer after it was told to stop is named', async () => {
  vi.useFakeTimers();
  const peer = Object.assign(new EventEmitter(), { pid: 7, connected: true, send: () => true });
  const channel = new Channel<Nothing, Asked>(peer as unknown as Peer, 'slot 3', {});
  const abort = new AbortController();
  const asked = channel.request('work', null, abort.signal).catch((error: unknown) => String(error));
  abort.abort(new Error('enough'));
  await vi.advanceTimersByTimeAsync(5000);
  expect(await asked).toBe('Error: slot 3 (pid 7) did not answer "work" within 5000 ms after it was told to stop');
  vi.useRealTimers();
});
