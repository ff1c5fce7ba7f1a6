import { createHash } from 'node:crypto';
import type { Bench } from 'tinybench';
import { openEchoConnection } from './echo-connection.js';
import { fixedWork, measureContention, reading, type ContentionReading } from './measure-contention.js';

/** Options of {@link calibrate}. */
export interface CalibrateOptions {
  readonly signal?: AbortSignal;
}

/** One micro-benchmark, in milliseconds per operation. */
export interface BenchmarkSummary {
  readonly samples: number;
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** Half of the samples lie between these two. */
  readonly p25: number;
  readonly p75: number;
}

/** How fast this machine is, and how much of it others take. */
export interface Calibration {
  /** CPU speed against the reference machine (1 = the same, 0.5 = half as fast); from CPU time, so that competition does not count. */
  readonly speed: number;
  /** Wall time over CPU time of the same work, at least 1. */
  readonly contention: number;
  /** Between which two figures half of the readings lie. */
  readonly spread: {
    readonly speed: { readonly low: number; readonly high: number };
    readonly contention: { readonly low: number; readonly high: number };
  };
  readonly benchmarks: {
    /** A fixed integer work, CPU time and wall time. */
    readonly integerCpu: BenchmarkSummary;
    readonly integerWall: BenchmarkSummary;
    /** One turn of the event loop, from `setImmediate` to its callback. */
    readonly eventLoopTurn: BenchmarkSummary;
    /** SHA-256 over 64 KiB. */
    readonly sha256: BenchmarkSummary;
    /** One byte to an echo server on 127.0.0.1 and back. */
    readonly loopbackRoundTrip: BenchmarkSummary;
  };
  readonly durationMs: number;
}

// Together with the set-up about 120 ms; a machine four times slower overshoots by one work and stays below 150.
const WARM_UP_MS = 12;
const INTEGER_MS = 55;
const OTHERS_MS = 14;

/**
 * Measures this machine, at most 150 ms (more only where it is so loaded that one work of a few milliseconds takes longer).
 * `clamp(contention / speed, 1, 8)` is the factor by which deadlines are stretched. Measure while nothing of ours runs.
 *
 * @throws the signal's reason when it aborts.
 */
export async function calibrate(options: CalibrateOptions = {}): Promise<Calibration> {
  const startMs = performance.now();
  const signal = options.signal ?? new AbortController().signal;
  signal.throwIfAborted();
  const { Bench } = await import('tinybench');
  while (performance.now() - startMs < WARM_UP_MS) fixedWork();

  const readings: ContentionReading[] = [];
  const integer = new Bench({ time: INTEGER_MS, iterations: 4, warmup: false, throws: true, signal }).add(
    'integer',
    () => {
      const last = measureContention();
      readings.push(last);
      return { overriddenDuration: last.cpuMs, overriddenIterationCost: last.wallMs };
    },
    { async: false },
  );
  await integer.run();

  await using echo = await openEchoConnection(signal);
  const block = Buffer.alloc(64 * 1024, 7);
  const others = new Bench({ time: OTHERS_MS, iterations: 4, warmup: false, throws: true, retainSamples: true, signal })
    .add('turn', () => new Promise<void>((resolve) => setImmediate(resolve)), { async: true })
    .add('sha256', () => createHash('sha256').update(block).digest(), { async: false })
    .add('loopback', () => echo.roundTrip(), { async: true });
  await others.run();
  signal.throwIfAborted();

  const sum = (figure: 'cpuMs' | 'wallMs'): number => readings.reduce((total, each) => total + each[figure], 0);
  const integerCpu = summarise(readings.map((each) => each.cpuMs));
  const speeds = summarise(readings.map((each) => each.speed));
  const contentions = summarise(readings.map((each) => each.contention));
  return {
    speed: speeds.median,
    // Others' share comes in slices longer than one work, so the sums tell it, not the median.
    contention: reading(sum('cpuMs'), sum('wallMs'), readings.length).contention,
    spread: { speed: { low: speeds.p25, high: speeds.p75 }, contention: { low: contentions.p25, high: contentions.p75 } },
    benchmarks: {
      integerCpu,
      integerWall: summarise(readings.map((each) => each.wallMs)),
      eventLoopTurn: summarise(samplesOf(others, 'turn')),
      sha256: summarise(samplesOf(others, 'sha256')),
      loopbackRoundTrip: summarise(samplesOf(others, 'loopback')),
    },
    durationMs: performance.now() - startMs,
  };
}

function samplesOf(bench: Bench, task: string): readonly number[] {
  const result = bench.getTask(task)?.result;
  return result !== undefined && 'latency' in result ? result.latency.samples ?? [] : [];
}

function summarise(values: readonly number[]): BenchmarkSummary {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
  return { samples: sorted.length, median: at(0.5), min: at(0), max: at(1), p25: at(0.25), p75: at(0.75) };
}
