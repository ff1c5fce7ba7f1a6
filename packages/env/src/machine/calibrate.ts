import { createHash } from 'node:crypto';
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

/** Speed of this machine, and competition by other processes. */
export interface Calibration {
  /**
   * CPU speed relative to the reference machine (1 = the same, 0.5 = half as fast); computed from CPU time, so
   * competition does not count.
   */
  readonly speed: number;
  /** Wall time over CPU time of the same work, at least 1. */
  readonly contention: number;
  /** Range that contains half of the readings. */
  readonly spread: {
    readonly speed: { readonly low: number; readonly high: number };
    readonly contention: { readonly low: number; readonly high: number };
  };
  readonly benchmarks: {
    /** CPU time and wall time of a fixed integer workload. */
    readonly integerCpu: BenchmarkSummary;
    readonly integerWall: BenchmarkSummary;
    /** One turn of the event loop, from `setImmediate` to its callback. */
    readonly eventLoopTurn: BenchmarkSummary;
    /** SHA-256 over 64 KiB. */
    readonly sha256: BenchmarkSummary;
    /** Round trip of one byte to an echo server on 127.0.0.1. */
    readonly loopbackRoundTrip: BenchmarkSummary;
  };
  readonly durationMs: number;
}

const WARM_UP_MS = 12;
const INTEGER_MS = 55;
const OTHERS_MS = 14;
// The small benchmarks share the time left until this limit; on a crowded machine each gets less, but at least one
// sample.
const DEADLINE_MS = 130;

/**
 * Measures this machine in at most 150 ms (longer only where it is so crowded that single samples of a few milliseconds
 * take longer). `clamp(contention / speed, 1, 8)` is the factor that stretches deadlines. Measure while no other work
 * of ours runs.
 *
 * @throws the signal's reason when it aborts.
 */
export async function calibrate(options: CalibrateOptions = {}): Promise<Calibration> {
  const startMs = performance.now();
  const signal = options.signal ?? new AbortController().signal;
  signal.throwIfAborted();
  const { Bench } = await import('tinybench');
  const measure = async (timeMs: number, fn: () => unknown, async: boolean): Promise<readonly number[]> => {
    const bench = new Bench({ time: timeMs, iterations: 1, warmup: false, throws: true, retainSamples: true, signal });
    const [task] = await bench.add('work', fn, { async }).run();
    signal.throwIfAborted();
    return task !== undefined && 'latency' in task.result ? (task.result.latency.samples ?? []) : [];
  };
  const share = (of: number): number =>
    Math.min(OTHERS_MS, Math.max(0, DEADLINE_MS - (performance.now() - startMs)) / of);

  while (performance.now() - startMs < WARM_UP_MS) fixedWork();
  const readings: ContentionReading[] = [];
  const takeReading = (): { overriddenDuration: number; overriddenIterationCost: number } => {
    const last = measureContention();
    readings.push(last);
    return { overriddenDuration: last.cpuMs, overriddenIterationCost: last.wallMs };
  };
  const integer = await measure(INTEGER_MS, takeReading, false);

  await using echo = await openEchoConnection(signal);
  const block = Buffer.alloc(64 * 1024, 7);
  const loopback = await measure(share(3), () => echo.roundTrip(), true);
  const turn = await measure(share(2), () => new Promise<void>((resolve) => setImmediate(resolve)), true);
  const sha256 = await measure(share(1), () => createHash('sha256').update(block).digest(), false);

  const sum = (figure: 'cpuMs' | 'wallMs'): number => readings.reduce((total, each) => total + each[figure], 0);
  const whole = reading(sum('cpuMs'), sum('wallMs'), readings.length);
  // If the kernel counts CPU time in ticks longer than one workload (User-Mode Linux: 10 ms), single readings are
  // meaningless, but their sum is not.
  const told = readings.some((each) => each.cpuMs === 0) ? [whole] : readings;
  const speeds = summarise(told.map((each) => each.speed));
  const contentions = summarise(told.map((each) => each.contention));
  return {
    speed: speeds.median,
    // The share of other processes comes in slices longer than one workload, so use the sums and not the median.
    contention: whole.contention,
    spread: {
      speed: { low: speeds.p25, high: speeds.p75 },
      contention: { low: contentions.p25, high: contentions.p75 },
    },
    benchmarks: {
      integerCpu: summarise(integer),
      integerWall: summarise(readings.map((each) => each.wallMs)),
      eventLoopTurn: summarise(turn),
      sha256: summarise(sha256),
      loopbackRoundTrip: summarise(loopback),
    },
    durationMs: performance.now() - startMs,
  };
}

function summarise(values: readonly number[]): BenchmarkSummary {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
  return { samples: sorted.length, median: at(0.5), min: at(0), max: at(1), p25: at(0.25), p75: at(0.75) };
}
