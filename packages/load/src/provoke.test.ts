import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { provoke } from './provoke.js';

let server: Server;
let port: number;
let live = 0;

beforeEach(async () => {
  live = 0;
  server = createServer((socket) => {
    live++;
    socket.on('error', () => {}).on('close', () => live--);
    socket.resume();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});

afterEach(() => server.close());

// Holds `level` connections for a while or until it is told to stop.
async function connections(level: number, signal: AbortSignal, holdMs = 60): Promise<void> {
  const sockets = Array.from({ length: level }, () => connect({ host: '127.0.0.1', port }));
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, holdMs);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
    if (signal.aborted) resolve();
  });
  for (const socket of sockets) socket.destroy();
  await Promise.all(sockets.map(async (socket) => socket.closed || once(socket, 'close')));
  while (live > 0) await new Promise(setImmediate);
}

describe('provoke()', () => {
  it('doubles up to what shows it, and searches back for the threshold', async () => {
    const result = await provoke({
      run: connections,
      observe: async () => live >= 11,
      from: 1,
      max: 64,
      budgetMs: 20_000,
    });
    expect(result).toMatchObject({ found: true, level: 16, threshold: 11, triedUpTo: 16 });
    expect(result.attempts.map(({ level, observed }) => [level, observed])).toEqual([
      [1, false],
      [2, false],
      [4, false],
      [8, false],
      [16, true],
      [12, true],
      [10, false],
      [11, true],
    ]);
    expect(result.attempts.every(({ complete, durationMs }) => complete && durationMs > 0)).toBe(true);
  });

  it('searches below its start, takes a number for evidence, and ends a level once seen', async () => {
    const result = await provoke({
      run: (level, signal) => connections(level, signal, 60_000),
      observe: async () => Math.max(0, live),
      from: 4,
      max: 8,
      budgetMs: 20_000,
    });
    expect(result).toMatchObject({ found: true, level: 4, threshold: 1 });
    expect(result.attempts[0]!.evidence).toBeGreaterThan(0);
  });

  it('says up to where it did not find it; the last level is the limit itself', async () => {
    const result = await provoke({
      run: (level, signal) => connections(level, signal, 1),
      observe: async () => false,
      from: 2,
      max: 7,
      budgetMs: 20_000,
    });
    expect(result).toMatchObject({ found: false, level: 0, threshold: 0, triedUpTo: 7 });
    expect(result.attempts.map(({ level }) => level)).toEqual([2, 4, 7]);
  });

  it('does not take what is left of one level for evidence of the next', async () => {
    let residue = 0;
    const run = async (level: number): Promise<void> => {
      residue = Math.max(residue, level);
      setTimeout(() => (residue = 0), 50);
    };
    expect(await provoke({ run, observe: async () => residue >= 6, from: 1, max: 16, budgetMs: 20_000 })).toMatchObject(
      { level: 8, threshold: 6 },
    );
  });

  it('leaves the threshold open where the evidence never goes away', async () => {
    let deadlocks = 0;
    const run = async (level: number): Promise<void> => {
      if (level >= 3) deadlocks++;
    };
    expect(await provoke({ run, observe: async () => deadlocks, from: 1, max: 16, budgetMs: 20_000 })).toMatchObject({
      found: true,
      level: 4,
      threshold: 4,
    });
  });

  it('looks once more after the load', async () => {
    let done = false;
    const run = async (): Promise<void> => {
      done = true;
    };
    let looks = 0;
    expect(
      await provoke({ run, observe: async () => ++looks > 1 && done, from: 1, max: 1, budgetMs: 5000 }),
    ).toMatchObject({ found: true, threshold: 1 });
  });

  it('stops at its budget and does not claim a level that was cut short', async () => {
    const result = await provoke({
      run: (level, signal) => connections(level, signal, level < 4 ? 1 : 60_000),
      observe: async () => 0,
      from: 1,
      max: 1024,
      budgetMs: 300,
    });
    expect(result).toMatchObject({ found: false, triedUpTo: 2 });
    expect(result.attempts.at(-1)).toMatchObject({ level: 4, complete: false, observed: false, evidence: 0 });
  });

  it('passes failures and the abort on', async () => {
    const broken = new Error('broken');
    await expect(
      provoke({ run: () => Promise.reject(broken), observe: async () => false, from: 1, max: 2, budgetMs: 5000 }),
    ).rejects.toBe(broken);
    await expect(
      provoke({ run: connections, observe: () => Promise.reject(broken), from: 1, max: 2, budgetMs: 5000 }),
    ).rejects.toBe(broken);
    const signal = AbortSignal.timeout(40);
    await expect(
      provoke({
        run: (level, stop) => connections(level, stop, 60_000),
        observe: async () => false,
        from: 1,
        max: 2,
        budgetMs: 60_000,
        signal,
      }),
    ).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  it.each([
    [{ from: 0 }, 'from: current value is 0'],
    [{ from: 3, max: 2 }, 'max: current value is 2'],
    [{ budgetMs: 0 }, 'budgetMs: current value is 0'],
  ])('refuses %o', async (options, message) => {
    await expect(
      provoke({ run: connections, observe: async () => true, from: 1, max: 2, budgetMs: 10, ...options }),
    ).rejects.toThrow(new RegExp(message));
  });
});
