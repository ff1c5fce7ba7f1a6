import { measureContention } from '@chaos/env';
import type { EventLoopReading, Monitor } from '@chaos/monitor';
import type { Attempt, CalibrationFacts, ResolvedConfig, RunEvent, SampleScope, SampleSummary } from '@chaos/spec';
import { originOf } from '../../data/origin.js';
import { wallMs } from '../../real-time.js';

const CONTENTION_MS = 1000;

/** Options of {@link MachineWatch.start}. */
export interface MachineWatchOptions {
  readonly config: ResolvedConfig;
  /** As measured before the run; it becomes a part of each attempt's facts. */
  readonly calibration: CalibrationFacts | undefined;
  readonly emit: (event: RunEvent) => void;
}

/** Watches the machine during the run: samples by scope, overload, contention. */
export class MachineWatch implements AsyncDisposable {
  readonly #monitor: Monitor;
  readonly #ignoreOverload: boolean;
  readonly #timer: NodeJS.Timeout;
  readonly #contention: number[] = [];
  readonly #calibration: CalibrationFacts | undefined;

  private constructor(monitor: Monitor, ignoreOverload: boolean, { calibration, emit }: MachineWatchOptions) {
    this.#monitor = monitor;
    this.#ignoreOverload = ignoreOverload;
    this.#calibration = calibration;
    monitor.onSample((sample) => {
      const slot = slotOf(sample.scope);
      emit({ type: 'sample', sample, ...(slot !== undefined && { origin: originOf(slot) }) });
    });
    if (!ignoreOverload) monitor.onOverload((verdict) => emit({ type: 'overload-change', verdict, timeMs: wallMs() }));
    this.#timer = setInterval(() => {
      const { cpuMs, contention } = measureContention();
      // A kernel that counts CPU time in ticks may have counted none.
      if (cpuMs > 0) this.#contention.push(contention);
    }, CONTENTION_MS);
    this.#timer.unref();
  }

  /** Undefined if the machine cannot be watched (no `/proc`). */
  static async start(options: MachineWatchOptions): Promise<MachineWatch | undefined> {
    const { config, emit } = options;
    try {
      const { startMonitor } = await import('@chaos/monitor');
      return new MachineWatch(
        await startMonitor({ intervalMs: config.monitor.intervalMs }),
        config.monitor.policy === 'ignore',
        options,
      );
    } catch (error) {
      emit({ type: 'diagnostic', text: `the machine is not watched: ${String(error)}` });
      return undefined;
    }
  }

  watch(scope: SampleScope, pid: number): void {
    this.#monitor.watch(scope, pid);
  }

  reportEventLoop(scope: SampleScope, reading: EventLoopReading): void {
    this.#monitor.reportEventLoop(scope, reading);
  }

  /** What the monitor saw during an attempt. With `monitor.policy: ignore` overload is never reported. */
  during({ startMs, durationMs, parallelIndex }: Attempt): Required<Pick<Attempt, 'samples' | 'machine'>> {
    const samples = this.#window(startMs, startMs + durationMs);
    const { overloaded, overloadReason } = samples;
    const waits = Object.entries(samples.scopes).flatMap(([scope, { runQueueWait }]) =>
      runQueueWait && slotOf(scope) === parallelIndex ? [[scope, Math.round(runQueueWait.mean * durationMs)]] : [],
    );
    return {
      samples,
      machine: {
        overloaded,
        ...(overloadReason !== undefined && { overloadReason }),
        runQueueWaitMs: Object.fromEntries(waits) as Readonly<Record<string, number>>,
        ...(this.#calibration && { calibration: this.#calibration }),
      },
    };
  }

  #window(startMs: number, endMs: number): SampleSummary {
    const summary = this.#monitor.window(startMs, endMs);
    if (!this.#ignoreOverload) return summary;
    const { overloadReason: _, ...rest } = summary;
    return { ...rest, overloaded: false };
  }

  /** Mean contention since the start; 1 = the CPU was free whenever we needed it. */
  get contention(): number | undefined {
    return this.#contention.length === 0
      ? undefined
      : this.#contention.reduce((sum, value) => sum + value, 0) / this.#contention.length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await this.#monitor[Symbol.asyncDispose]();
  }
}

// `target-0` is a process of slot 0; `main` and `host` belong to no slot.
function slotOf(scope: string): number | undefined {
  const index = /-(\d+)$/.exec(scope)?.[1];
  return index === undefined ? undefined : Number(index);
}
