import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { InvariantViolation, type Recovery } from '@chaos/spec';
import { afterEach, expect as check, test } from 'vitest';
import { setExpectHost } from '../expect-host.js';
import { expect } from '../expect.js';

const servers: Server[] = [];

async function serve(port = 0, delayMs = 0): Promise<number> {
  const server = createServer((_request, response) => setTimeout(() => response.end('well'), delayMs)).listen(
    port,
    '127.0.0.1',
  );
  servers.push(server);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function stop(): Promise<void> {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
}

const reading = (port: number) =>
  async function read({ signal }: { signal?: AbortSignal } = {}): Promise<void> {
    await (await fetch(`http://127.0.0.1:${port}`, signal === undefined ? {} : { signal })).text();
  };

afterEach(async () => {
  setExpectHost(undefined);
  await stop();
});

test('waits for a server that comes back, and reports the recovery', async () => {
  const port = await serve();
  await stop();
  const recoveries: Recovery[] = [];
  setExpectHost({ deadlineFactor: 2, onSoftFailure() {}, onRecovery: (recovery) => recoveries.push(recovery) });
  let failures = 0;
  let calls = 0;
  const read = reading(port);
  await expect(async () => {
    calls += 1;
    await read().catch(async (error: unknown) => {
      failures += 1;
      if (failures === 3) await serve(port);
      throw error;
    });
  }).toRecoverWithin({ timeoutMs: 10_000, what: 'reads', consecutive: 4 });
  check(failures).toBe(3);
  check(calls).toBe(7);
  check(recoveries).toEqual([{ what: 'reads', recoveryMs: check.any(Number), withinMs: 20_000 }]);
});

test('tells a recovery that only the stretch of a busy machine allows', async () => {
  const reasons: string[] = [];
  setExpectHost({
    deadlineFactor: 1000,
    onSoftFailure() {},
    onRecovery() {},
    onStretched: (reason) => void reasons.push(reason),
  });
  let calls = 0;
  const late = async (): Promise<void> => {
    if (++calls < 4) throw new Error('not yet');
  };
  await expect(late).toRecoverWithin({ timeoutMs: 30, what: 'reads' });
  check(reasons).toEqual([
    check.stringMatching(
      /^reads was well again after \d+ ms: above the limit of 30 ms, and below the 30000 ms that this/,
    ),
  ]);
  await expect(late).toRecoverWithin({ timeoutMs: 30_000 });
  check(reasons).toHaveLength(1);
});

test('tells the last error and what it saw when nothing comes back', async () => {
  const port = await serve();
  await stop();
  const failure = await expect(reading(port))
    .toRecoverWithin({ timeoutMs: 80 })
    .catch((error: unknown) => error);
  check(failure).toBeInstanceOf(Error);
  check((failure as Error).message).toMatch(
    /toRecoverWithin[^]*Expected: 3 successes in a row, within 80 ms\nReceived: 0 in a row at the end, after \d+ attempts[^]*Latencies: failed after[^]*Last error: TypeError: fetch failed/,
  );
  await expect(reading(port)).not.toRecoverWithin({ timeoutMs: 50 });
});

test('a success that is too slow is none, one that hangs is given up', async () => {
  const port = await serve(0, 40);
  await check(expect(reading(port)).toRecoverWithin({ timeoutMs: 200, latencyMs: 10 })).rejects.toThrow(
    /each under 10 ms, within 200 ms/,
  );
  let aborted = false;
  const hang = ({ signal }: { signal: AbortSignal }): Promise<void> =>
    new Promise(() => signal.addEventListener('abort', () => (aborted = true)));
  await check(expect(hang).toRecoverWithin({ timeoutMs: 50 })).rejects.toThrow(/none: the first attempt never ended/);
  check(aborted).toBe(true);
});

test('the end of the test ends the waiting', async () => {
  const controller = new AbortController();
  setExpectHost({ signal: controller.signal, deadlineFactor: 1, onSoftFailure() {}, onRecovery() {} });
  const waiting = expect(() => Promise.reject(new Error('down'))).toRecoverWithin({ timeoutMs: 60_000 });
  controller.abort();
  await check(waiting).rejects.toThrow(/the test ended/);
});

test('a broken invariant is not waited out', async () => {
  const run = (): never => {
    throw new InvariantViolation('stale');
  };
  await check(expect(run).toRecoverWithin({ timeoutMs: 60_000 })).rejects.toThrow(InvariantViolation);
});

test('refuses wrong options', async () => {
  // @ts-expect-error: it does not compile either
  await check(expect(5).toRecoverWithin({ timeoutMs: 1 })).rejects.toThrow(TypeError);
  await check(expect(() => 1).toRecoverWithin({ timeoutMs: 0 })).rejects.toThrow(
    /timeoutMs of toRecoverWithin\(\): current value is 0, it must be a number above 0/,
  );
  await check(expect(() => 1).toRecoverWithin({ timeoutMs: 1, consecutive: 0 })).rejects.toThrow(RangeError);
});
