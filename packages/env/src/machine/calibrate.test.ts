import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { expect, it, vi } from 'vitest';
import { calibrate } from './calibrate.js';

it('calibrate() measures everything with its spread', async () => {
  const { speed, contention, spread, benchmarks } = await calibrate();
  expect(speed).toBeGreaterThan(0);
  expect(contention).toBeGreaterThanOrEqual(1);
  expect(spread.speed.low).toBeLessThanOrEqual(speed);
  expect(spread.speed.high).toBeGreaterThanOrEqual(speed);
  for (const { samples, min, p25, median, p75, max } of Object.values(benchmarks)) {
    expect(samples).toBeGreaterThanOrEqual(1);
    expect([min, p25, median, p75, max]).toEqual([min, p25, median, p75, max].toSorted((a, b) => a - b));
  }
});

it('calibrate() sees competition as contention, not as a slower machine', async () => {
  const alone = await calibrate();
  // At the lowest priority the spinners would hardly show; twice as many spinners as CPUs leave us about a third.
  const spinners = Array.from({ length: availableParallelism() * 2 }, () =>
    spawn('sh', ['-c', 'echo up; while :; do :; done'], { stdio: ['ignore', 'pipe', 'ignore'] }),
  );
  try {
    await Promise.all(spinners.map((spinner) => once(spinner.stdout, 'data')));
    const crowded = await calibrate();
    expect(crowded.contention).toBeGreaterThan(1.3);
    expect(crowded.speed / alone.speed).toBeGreaterThan(0.5);
  } finally {
    for (const spinner of spinners) spinner.kill('SIGKILL');
  }
});

it('calibrate() stops when its signal aborts', async () => {
  await expect(calibrate({ signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
});

it('calibrate() is right where the kernel counts CPU time in ticks of 10 ms', async () => {
  const { cpuUsage } = process;
  const tick = (us: number): number => Math.floor(us / 10_000) * 10_000;
  const coarse = vi.spyOn(process, 'cpuUsage').mockImplementation((before) => {
    const now = cpuUsage();
    return { user: tick(now.user) - (before?.user ?? 0), system: tick(now.system) - (before?.system ?? 0) };
  });
  try {
    const { speed, contention, spread } = await calibrate();
    const fine = await (coarse.mockRestore(), calibrate());
    expect(speed / fine.speed).toBeGreaterThan(0.4);
    expect(speed / fine.speed).toBeLessThan(2.5);
    expect([contention, spread.speed.low, spread.speed.high, spread.contention.high].every(Number.isFinite)).toBe(true);
  } finally {
    coarse.mockRestore();
  }
});
