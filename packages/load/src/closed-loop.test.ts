import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { InvariantViolation, OperationError } from '@chaos/spec';
import { createRandom } from '@chaos/stats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closedLoop } from './closed-loop.js';
import type { OperationContext, OperationResult } from './operation.js';

let server: Server;
let url: string;
let [live, peak] = [0, 0];

beforeAll(async () => {
  server = createServer((request, response) => {
    peak = Math.max(peak, ++live);
    response.on('close', () => live--);
    if (request.url === '/hang') return;
    setTimeout(() => response.writeHead(request.url === '/busy' ? 503 : 200).end('body'), 2);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

async function get(path: string, signal: AbortSignal): Promise<string> {
  const response = await fetch(url + path, { signal });
  const body = await response.text();
  if (response.status >= 500) throw new OperationError('unavailable', `status ${response.status}`);
  return body;
}

const hang = ({ signal }: OperationContext): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

describe('closedLoop()', () => {
  it('keeps so many operations under way and counts them all', async () => {
    peak = 0;
    const result = await closedLoop({
      run: ({ signal }) => get('/', signal),
      right: (body) => body === 'body',
      concurrency: 5,
      operations: 60,
    });
    expect(peak).toBe(5);
    expect(result).toMatchObject({ operations: 60, concurrency: 5, judged: true, wrong: [], errors: [] });
    expect(result.counts).toEqual({ ok: 60, wrong: 0, rejected: 0, unavailable: 0, timeout: 0, unknown: 0 });
    const { latency } = result;
    expect(latency.count).toBe(60);
    expect([latency.min, latency.p50, latency.p90, latency.p95, latency.p99, latency.max]).toEqual(
      [latency.min, latency.p50, latency.p90, latency.p95, latency.p99, latency.max].sort((a, b) => a - b),
    );
    expect(latency.min).toBeGreaterThan(0.9);
    expect(result.throughput).toBeCloseTo(60_000 / result.durationMs, 6);
    expect(result.latencyOf.ok).toEqual(latency);
    expect(result.latencyOf.timeout.count).toBe(0);
  });

  it('tells outcomes apart, with their latencies and messages', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const { port } = closed.address() as AddressInfo;
    closed.close();
    const result = await closedLoop({
      run: async ({ iteration, signal }) => {
        if (iteration % 4 === 0) return get('/busy', signal);
        if (iteration % 4 === 1) await once(connect({ host: '127.0.0.1', port }), 'connect');
        if (iteration % 4 === 2) throw new OperationError('rejected', 'status 409');
        return get('/', signal);
      },
      concurrency: 1,
      operations: 12,
    });
    expect(result.counts).toEqual({ ok: 3, wrong: 0, rejected: 3, unavailable: 6, timeout: 0, unknown: 0 });
    expect(result.judged).toBe(false);
    expect(result.errors.map(({ outcome, count }) => [outcome, count])).toEqual([
      ['unavailable', 3],
      ['unavailable', 3],
      ['rejected', 3],
    ]);
    expect(result.errors.map(({ message }) => message)).toContain('OperationError: status 409');
    expect([result.latencyOf.unavailable.count, result.latencyOf.rejected.count]).toEqual([6, 3]);
  });

  it('prints the first wrong answers, and takes an answer that cannot be judged for wrong', async () => {
    const result = await closedLoop<{ body?: { id: number } }>({
      run: async ({ iteration }) => (iteration === 0 ? {} : { body: { id: iteration } }),
      right: (answer) => (answer.body as { id: number }).id === 1,
      concurrency: 1,
      operations: 9,
    });
    expect(result.counts).toMatchObject({ ok: 1, wrong: 8 });
    expect(result.wrong).toEqual([
      '{}',
      '{ body: { id: 2 } }',
      '{ body: { id: 3 } }',
      '{ body: { id: 4 } }',
      '{ body: { id: 5 } }',
    ]);
    expect(result.errors).toMatchObject([
      { outcome: 'wrong', count: 1, message: expect.stringContaining('TypeError') },
    ]);
  });

  it('keeps the first ten distinct errors, most frequent first', async () => {
    const result = await closedLoop({
      run: async ({ iteration }) => {
        throw new Error(iteration % 2 === 0 ? 'common' : `rare ${iteration}`);
      },
      concurrency: 1,
      operations: 60,
    });
    expect(result.counts.unknown).toBe(60);
    expect(result.errors).toHaveLength(10);
    expect(result.errors[0]).toEqual({ outcome: 'unknown', message: 'Error: common', count: 30 });
  });

  it('times an operation out, and goes on without one that ignores it', async () => {
    const obedient = await closedLoop({
      run: ({ signal }) => get('/hang', signal),
      concurrency: 2,
      operations: 4,
      operationTimeoutMs: 30,
    });
    expect(obedient.counts.timeout).toBe(4);
    expect(obedient.errors).toEqual([
      { outcome: 'timeout', message: 'TimeoutError: operation took longer than 30 ms', count: 4 },
    ]);
    const deaf = await closedLoop({
      run: () => new Promise(() => {}),
      concurrency: 1,
      operations: 1,
      operationTimeoutMs: 10,
    });
    expect(deaf.counts.timeout).toBe(1);
    expect(deaf.latency.max).toBeGreaterThanOrEqual(1000);
  });

  it('stops by time, and does one operation per worker however short that is', async () => {
    const timed = await closedLoop({ run: ({ signal }) => get('/', signal), concurrency: 2, durationMs: 60 });
    expect(timed.operations).toBeGreaterThanOrEqual(2);
    expect(timed.durationMs).toBeGreaterThanOrEqual(60);
    const short = await closedLoop({
      run: ({ signal }) => get('/', signal),
      concurrency: 3,
      durationMs: 0,
      jitterMs: 5,
    });
    expect(short.operations).toBe(3);
  });

  it('ends at once when it is aborted, and tells the operations', async () => {
    const abort = new AbortController();
    const reasons: unknown[] = [];
    const load = closedLoop({
      run: async (context) => hang(context).catch((error: unknown) => reasons.push(error)),
      concurrency: 3,
      durationMs: 60_000,
      signal: abort.signal,
    });
    const reason = new Error('enough');
    setTimeout(() => abort.abort(reason), 20);
    await expect(load).rejects.toBe(reason);
    expect(reasons).toEqual([reason, reason, reason]);
    await expect(closedLoop({ run: hang, concurrency: 1, operations: 1, signal: abort.signal })).rejects.toBe(reason);
  });

  it('can be aborted although its operations never wait', async () => {
    const signal = AbortSignal.timeout(30);
    await expect(closedLoop({ run: async () => 1, concurrency: 2, durationMs: 60_000, signal })).rejects.toMatchObject({
      name: 'TimeoutError',
    });
  });

  it('repeats its random choices with the seed', async () => {
    const choices = async (seed: string): Promise<number[]> => {
      const seen: number[] = [];
      await closedLoop({
        run: async ({ random, worker, iteration, yieldPoint }) => {
          await yieldPoint();
          seen[worker * 10 + iteration] = random.next();
        },
        concurrency: 1,
        operations: 8,
        jitterMs: 2,
        random: createRandom(seed),
      });
      return seen;
    };
    const first = await choices('a');
    expect(await choices('a')).toEqual(first);
    expect(await choices('b')).not.toEqual(first);
  });

  it('lets others run at yield points, differently each time', async () => {
    const orders = new Set<string>();
    for (let round = 0; round < 20; round++) {
      let order = '';
      await closedLoop({
        run: async ({ worker, yieldPoint }) => {
          await yieldPoint();
          order += worker;
        },
        concurrency: 4,
        operations: 4,
        random: createRandom(`round ${round}`),
      });
      orders.add(order);
    }
    expect(orders.size).toBeGreaterThan(3);
  });

  it('hands each result on, and passes a violated invariant on instead of counting it', async () => {
    const results: OperationResult<number>[] = [];
    await closedLoop({
      run: async ({ iteration }) => iteration,
      concurrency: 2,
      operations: 4,
      onResult: (result) => results.push(result),
    });
    expect(results).toHaveLength(4);
    expect(results[0]).toMatchObject({
      outcome: 'ok',
      value: 0,
      worker: 0,
      iteration: 0,
      latencyMs: expect.any(Number),
    });
    const violation = new InvariantViolation('two winners');
    const load = closedLoop({
      run: ({ worker, ...rest }) => (worker === 1 ? Promise.reject(violation) : hang({ worker, ...rest })),
      concurrency: 2,
      durationMs: 60_000,
    });
    await expect(load).rejects.toBe(violation);
  });

  it.each<[object, string]>([
    [{ concurrency: 0, operations: 1 }, 'concurrency: current value is 0'],
    [{ concurrency: 1.5, operations: 1 }, 'current value is 1.5'],
    [{ concurrency: 1 }, 'exactly one must be given'],
    [{ concurrency: 1, operations: 1, durationMs: 1 }, 'exactly one must be given'],
    [{ concurrency: 1, durationMs: -1 }, 'durationMs: current value is -1'],
    [{ concurrency: 1, operations: 1, jitterMs: Number.NaN }, 'jitterMs: current value is NaN'],
    [{ concurrency: 1, operations: 1, operationTimeoutMs: 0 }, 'operationTimeoutMs: current value is 0'],
    [{ concurrency: 1, operations: 1, right: (): unknown => 'yes' }, 'right returned yes'],
    [{ concurrency: 1, operations: 1, run: 5 }, 'current run is 5'],
  ])('refuses %o', async (options, message) => {
    await expect(
      closedLoop({ run: async () => 1, ...options } as unknown as Parameters<typeof closedLoop>[0]),
    ).rejects.toThrow(message);
  });
});
