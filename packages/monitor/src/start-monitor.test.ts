import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Sample } from '@chaos/spec';
import { afterEach, expect, test } from 'vitest';
import type { Monitor } from './index.js';

// The thread that samples is a built file. The declarations of the build may not exist yet when this is type-checked.
const built: string = '@chaos/monitor';
const { startMonitor, watchEventLoop } = (await import(built)) as typeof import('./index.js');

const children: ChildProcess[] = [];
const monitors: Monitor[] = [];

async function monitored(...parameters: Parameters<typeof startMonitor>): Promise<Monitor> {
  const monitor = await startMonitor(...parameters);
  monitors.push(monitor);
  return monitor;
}

async function node(script: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['-e', `${script}; console.log('up')`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  await once(child.stdout!, 'data');
  return child;
}

const until = (monitor: Monitor, fits: (sample: Sample) => boolean): Promise<Sample> =>
  new Promise((resolve) => {
    const stop = monitor.onSample((sample) => {
      if (!fits(sample)) return;
      stop();
      resolve(sample);
    });
  });

function block(ms: number): void {
  const endMs = Date.now() + ms;
  while (Date.now() < endMs);
}

afterEach(async () => {
  for (const monitor of monitors.splice(0)) await monitor[Symbol.asyncDispose]();
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

test('goes on while the event loop is blocked, and answers right after it', async () => {
  const monitor = await monitored({ intervalMs: 100 });
  await until(monitor, ({ scope }) => scope === 'main');
  const startMs = Date.now();
  block(1500);
  const endMs = Date.now();
  const { count, scopes } = monitor.window(startMs, endMs);
  expect(count).toBeGreaterThanOrEqual(5);
  expect(scopes['main']?.['cpus']?.max).toBeGreaterThan(0);
}, 10_000);

test('sees a tree: grandchildren, descriptors, sockets, and its end', async () => {
  const monitor = await monitored({ intervalMs: 50 });
  const child = await node(`
    const net = require('node:net');
    for (let i = 0; i < 7; i += 1) net.createServer().listen(0, '127.0.0.1');
    const grandchild = require('node:child_process').spawn('sleep', ['60']);
    process.on('SIGTERM', () => grandchild.kill('SIGKILL'));
    process.on('exit', () => grandchild.kill('SIGKILL'))
  `);
  monitor.watch('slot-0', child.pid!);
  const seen = await until(
    monitor,
    ({ scope, processes, sockets = 0 }) => scope === 'slot-0' && processes === 2 && sockets >= 7,
  );
  expect(seen.descriptors).toBeGreaterThan(seen.sockets!);
  expect(seen.memoryBytes).toBeGreaterThan(10_000_000);
  child.kill('SIGTERM');
  await until(monitor, ({ scope, processes }) => scope === 'slot-0' && processes === 1);
}, 10_000);

test('CPU goes to the nearest watched ancestor, once', async () => {
  const monitor = await monitored({ intervalMs: 100 });
  const child = await node('setInterval(() => { const end = Date.now() + 20; while (Date.now() < end); }, 0)');
  monitor.watch('target-3', child.pid!);
  const startMs = Date.now();
  for (let samples = 0; samples < 8; samples += 1) await until(monitor, ({ scope }) => scope === 'target-3');
  const { scopes } = monitor.window(startMs, Date.now());
  expect(scopes['target-3']?.['cpus']?.mean).toBeGreaterThan(2 * scopes['main']!['cpus']!.mean);
  monitor.unwatch('target-3');
  const now = Date.now();
  await until(monitor, ({ scope, timeMs, cpus }) => scope === 'main' && timeMs > now && cpus > 0.1);
}, 20_000);

test('a process that shares its CPU waits in the run queue, one that sleeps does not', async () => {
  const monitor = await monitored({ intervalMs: 100 });
  const busy = 'setInterval(() => { const end = Date.now() + 50; while (Date.now() < end); }, 0)';
  const [one, two] = [await node(busy), await node(busy)];
  for (const { pid } of [one, two]) execFileSync('taskset', ['-a', '-p', '-c', '0', String(pid)]);
  const asleep = await node('setInterval(() => {}, 60_000)');
  monitor.watch('target-0', one.pid!);
  monitor.watch('target-1', asleep.pid!);
  await until(monitor, ({ scope, runQueueWait = 0 }) => scope === 'target-0' && runQueueWait > 0.3);
  await until(monitor, ({ scope, runQueueWait = 1 }) => scope === 'target-1' && runQueueWait < 0.05);
}, 20_000);

test('event loop figures become part of the next sample', async () => {
  const monitor = await monitored({ intervalMs: 50 });
  monitor.reportEventLoop('main', { eventLoopDelayMs: 12, gcMs: 3 });
  monitor.reportEventLoop('main', { eventLoopDelayMs: 7, gcMs: 2 });
  // The sampler may take a sample between the two reports.
  const delays: number[] = [];
  let gcMs = 0;
  while (gcMs < 5) {
    const sample = await until(monitor, ({ eventLoopDelayMs }) => eventLoopDelayMs !== undefined);
    expect(sample.scope).toBe('main');
    delays.push(sample.eventLoopDelayMs!);
    gcMs += sample.gcMs!;
  }
  expect(Math.max(...delays)).toBe(12);
  expect(gcMs).toBe(5);
  expect(await until(monitor, ({ scope }) => scope === 'main')).not.toHaveProperty('gcMs');
});

test('watchEventLoop sees a blocked event loop', async () => {
  using watch = watchEventLoop();
  await new Promise((resolve) => setTimeout(resolve, 30));
  watch.read();
  await new Promise((resolve) => setTimeout(resolve, 30));
  block(120);
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(watch.read().eventLoopDelayMs).toBeGreaterThan(80);
});

test('the machine is told, within its bounds', async () => {
  const monitor = await monitored({ intervalMs: 50 });
  const host = await until(monitor, ({ scope }) => scope === 'host');
  expect(host.memoryRatio).toBeGreaterThan(0);
  expect(host.memoryRatio).toBeLessThanOrEqual(1);
  expect(host.stealRatio).toBeGreaterThanOrEqual(0);
  expect(host.othersCpus).toBeGreaterThanOrEqual(0);
});

test('keeps no process alive', async () => {
  const script = `import('@chaos/monitor').then(({ startMonitor }) => startMonitor()).then(() => console.log('up'))`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const [code] = (await once(child, 'exit')) as [number];
  expect(code).toBe(0);
}, 10_000);

test('refuses misuse', async () => {
  await expect(startMonitor({ intervalMs: 1 })).rejects.toThrow(
    /intervalMs: current value is 1, it must be a number of at least 20/,
  );
  const monitor = await monitored();
  expect(() => monitor.watch('slot-1', -1)).toThrow(RangeError);
  expect(() => monitor.watch('host', 1)).toThrow(TypeError);
});
