import { once } from 'node:events';
import { Agent, createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { InvariantViolation, OperationError } from '@chaos/spec';
import { createRandom } from '@chaos/stats';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { closedLoop } from '../closed-loop.js';
import type { OperationContext } from '../operation.js';
import { arrivalTimes, resolveStages } from './arrival-times.js';
import { openLoop } from './open-loop.js';

const STALL_MS = 600;

// Each test says from which request on the server answers nobody for so long.
let server: Server;
let url: string;
let [requests, stallAt, stalledUntilMs] = [0, Infinity, 0];
const agent = new Agent({ keepAlive: true });

beforeAll(async () => {
  server = createServer((_request, response) => {
    if (++requests === stallAt) stalledUntilMs = performance.now() + STALL_MS;
    const leftMs = Math.max(0, stalledUntilMs - performance.now());
    setTimeout(() => response.end('pong'), leftMs);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  agent.destroy();
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  [requests, stallAt, stalledUntilMs] = [0, Infinity, 0];
});

const ping = ({ signal }: OperationContext): Promise<string> =>
  new Promise((resolve, reject) => {
    httpRequest(url, { agent, signal }, (response) => {
      let body = '';
      response.on('data', (chunk) => (body += chunk)).on('end', () => resolve(body));
    })
      .on('error', reject)
      .end();
  });

describe('openLoop()', () => {
  it('shows in its p99 a stall that the closed loop hides', async () => {
    // Two clients in a closed loop: two requests meet the stall, the rest are quick.
    stallAt = 20;
    const closed = await closedLoop({ run: ping, concurrency: 2, operations: 400 });
    [requests, stalledUntilMs] = [0, 0];
    const open = await openLoop({ run: ping, ratePerSecond: 100, durationMs: 2000 });

    expect(closed.counts.ok).toBe(400);
    expect(open.counts.ok).toBe(200);
    // Both met it,
    expect(closed.latency.max).toBeGreaterThan(STALL_MS * 0.9);
    expect(open.latency.max).toBeGreaterThan(STALL_MS * 0.9);
    // two of 400 in the closed loop, and in the open one a third of those who came.
    expect(closed.latency.p99).toBeLessThan(STALL_MS / 2);
    expect(open.latency.p99).toBeGreaterThan(STALL_MS * 0.9);
    expect(open.latency.p90).toBeGreaterThan(STALL_MS / 3);
  });

  it('counts latency from the intended start, also where the generator itself was held up', async () => {
    const result = await openLoop({
      run: async ({ iteration }) => {
        if (iteration !== 5) return;
        for (const endMs = performance.now() + 200; performance.now() < endMs;);
      },
      ratePerSecond: 200,
      durationMs: 400,
    });
    // Those who were to arrive while the event loop was blocked waited for it, however quick the operation itself is.
    expect(result.latency.p90).toBeGreaterThan(50);
    expect(result.arrivals!.lag.max).toBeGreaterThan(100);
    expect(result.counts.ok).toBe(80);
  });

  it('keeps its rate whatever the service does, and tells how many were under way', async () => {
    let live = 0;
    const result = await openLoop({
      run: async () => {
        live++;
        await delay(100);
        live--;
      },
      ratePerSecond: 100,
      durationMs: 300,
    });
    expect(result).toMatchObject({ operations: 30, judged: false });
    expect(result.arrivals).toMatchObject({ process: 'constant', planned: 30, shed: 0 });
    // Little's law: 100/s × 0.1 s = 10 on average.
    expect(result.concurrency).toBeGreaterThanOrEqual(5);
    expect(live).toBe(0);
    expect(result.timeline.ok.reduce((sum, count) => sum + count, 0)).toBe(30);
  });

  it('sheds who arrives when too many are under way, and counts them', async () => {
    const release = new AbortController();
    const lanes = new Set<number>();
    const result = await openLoop({
      run: async ({ worker, iteration }) => {
        lanes.add(worker);
        if (iteration === 3) setTimeout(() => release.abort(), 100);
        await once(release.signal, 'abort');
      },
      ratePerSecond: 1000,
      durationMs: 20,
      maxInFlight: 4,
    });
    expect(result.arrivals).toMatchObject({ planned: 20, shed: 16 });
    expect(result.counts).toMatchObject({ ok: 4, unavailable: 16 });
    expect(result).toMatchObject({ operations: 20, concurrency: 4 });
    expect(result.latency.count).toBe(4);
    expect(result.errors).toEqual([
      {
        outcome: 'unavailable',
        message: 'OperationError: not started, for 4 operations were under way already',
        count: 16,
      },
    ]);
    expect([...lanes].sort((one, other) => one - other)).toEqual([0, 1, 2, 3]);
  });

  it('tells outcomes apart, and ends an operation that takes too long', async () => {
    const result = await openLoop<number>({
      run: async ({ iteration, signal }) => {
        if (iteration % 4 === 0) await once(signal, 'abort');
        if (iteration % 4 === 1) throw new OperationError('rejected', 'status 409');
        return iteration;
      },
      right: (value) => value % 4 === 2,
      ratePerSecond: 400,
      durationMs: 30,
      operationTimeoutMs: 50,
    });
    expect(result.counts).toEqual({ ok: 3, wrong: 3, rejected: 3, unavailable: 0, timeout: 3, unknown: 0 });
    expect(result.latencyOf.timeout.min).toBeGreaterThanOrEqual(49);
    expect(result.wrong).toEqual(['3', '7', '11']);
  });

  it('ends at once when it is aborted, and passes a violated invariant on', async () => {
    const abort = new AbortController();
    const reasons: unknown[] = [];
    const hang = ({ signal }: OperationContext): Promise<never> =>
      new Promise((_, reject) =>
        signal.addEventListener('abort', () => {
          reasons.push(signal.reason);
          reject(signal.reason);
        }),
      );
    const load = openLoop({
      run: (context) => {
        if (context.iteration === 2) abort.abort(new Error('enough'));
        return hang(context);
      },
      ratePerSecond: 500,
      durationMs: 60_000,
      signal: abort.signal,
    });
    await expect(load).rejects.toThrow('enough');
    expect(reasons).toHaveLength(3);
    const violation = new InvariantViolation('two winners');
    const violated = openLoop({
      run: (context) => (context.iteration === 1 ? Promise.reject(violation) : hang(context)),
      ratePerSecond: 500,
      durationMs: 60_000,
    });
    await expect(violated).rejects.toBe(violation);
  });

  it.each<[object, string]>([
    [{}, 'both must be given, or stages'],
    [{ ratePerSecond: 0, durationMs: 10 }, 'ratePerSecond: current value is 0'],
    [{ ratePerSecond: 1, durationMs: 10 }, 'make 0.01 requests'],
    [{ ratePerSecond: 1e6, durationMs: 10 }, 'current value is 1000000'],
    [{ stages: [{ to: -1, durationMs: 10 }] }, 'to: current value is -1'],
    [{ stages: [{ to: 1, durationMs: 10 }], durationMs: 1 }, 'give the stages alone'],
    [{ ratePerSecond: 100, durationMs: 100, arrivals: 'normal' }, 'current arrivals is normal'],
    [{ ratePerSecond: 100, durationMs: 100, maxInFlight: 0 }, 'maxInFlight: current value is 0'],
    [{ ratePerSecond: 100, durationMs: 100, run: 5 }, 'current run is 5'],
  ])('refuses %o', async (options, message) => {
    await expect(
      openLoop({ run: async () => 1, ...options } as unknown as Parameters<typeof openLoop>[0]),
    ).rejects.toThrow(message);
  });
});

describe('arrival times', () => {
  const timesOf = (
    stages: Parameters<typeof resolveStages>[0],
    process: 'constant' | 'poisson',
    seed = 'a',
  ): number[] => [...arrivalTimes(resolveStages(stages), process, createRandom(seed))];

  it('are even at a constant rate', () => {
    const times = timesOf([{ to: 100, durationMs: 50 }], 'constant');
    expect(times.map((time) => Math.round(time))).toEqual([0, 10, 20, 30, 40]);
  });

  it('get closer as the rate rises, and go on from one stage to the next', () => {
    const times = timesOf(
      [
        { from: 0, to: 100, durationMs: 1000 },
        { to: 100, durationMs: 500 },
        { to: 0, durationMs: 1000 },
      ],
      'constant',
    );
    expect(times).toHaveLength(150);
    const between = (startMs: number, endMs: number): number =>
      times.filter((time) => time >= startMs && time < endMs).length;
    // A quarter of a ramp's requests arrive in the half that is slow.
    expect(between(0, 500)).toBeCloseTo(12.5, -0.5);
    expect(between(1000, 1500)).toBe(50);
    expect(between(2000, 2500)).toBeCloseTo(12.5, -0.5);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  it('are exponential for independent users, and repeat with the seed', () => {
    const stages = [{ to: 100, durationMs: 60_000 }];
    const times = timesOf(stages, 'poisson');
    expect(timesOf(stages, 'poisson')).toEqual(times);
    expect(timesOf(stages, 'poisson', 'b')).not.toEqual(times);
    expect(times.length).toBeGreaterThan(5600);
    expect(times.length).toBeLessThan(6400);
    const gaps = times.slice(1).map((time, index) => time - times[index]!);
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    // Of an exponential distribution 1 - 1/e are shorter than the mean, and the deviation is the mean.
    expect(gaps.filter((gap) => gap < mean).length / gaps.length).toBeCloseTo(0.632, 1);
    const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length);
    expect(deviation / mean).toBeCloseTo(1, 1);
  });
});
