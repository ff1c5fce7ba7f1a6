import { measureContention } from '@chaos/env';
import type { EventLoopReading, Monitor } from '@chaos/monitor';
import type { ResolvedConfig, RunEvent, SampleScope, SampleSummary } from '@chaos/spec';
import { wallMs } from '../../real-time.js';

const CONTENTION_MS = 1000;

/** Watches the machine during the run: samples by scope, overload, contention. */
export class MachineWatch implements AsyncDisposable {
  readonly #monitor: Monitor;
  readonly #ignoreOverload: boolean;
  readonly #timer: NodeJS.Timeout;
  readonly #contention: number[] = [];

  private constructor(monitor: Monitor, ignoreOverload: boolean, emit: (event: RunEvent) => void) {
    this.#monitor = monitor;
    this.#ignoreOverload = ignoreOverload;
    monitor.onSample((sample) => emit({ type: 'sample', sample }));
    if (!ignoreOverload) monitor.onOverload((verdict) => emit({ type: 'overload-change', verdict, timeMs: wallMs() }));
    this.#timer = setInterval(() => {
      const { cpuMs, contention } = measureContention();
      // A kernel that counts CPU time in ticks may have counted none.
      if (cpuMs > 0) this.#contention.push(contention);
    }, CONTENTION_MS);
    this.#timer.unref();
  }

  /** Undefined if the machine cannot be watched (no `/proc`). */
  static async start(config: ResolvedConfig, emit: (event: RunEvent) => void): Promise<MachineWatch | undefined> {
    try {
      const { startMonitor } = await import('@chaos/monitor');
      return new MachineWatch(
        await startMonitor({ intervalMs: config.monitor.intervalMs }),
        config.monitor.policy === 'ignore',
        emit,
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

  /** With `monitor.policy: ignore` overload is never reported. */
  window(startMs: number, endMs: number): SampleSummary {
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
