import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import {
  CapabilityMissing,
  checkRange,
  type OverloadVerdict,
  type Sample,
  type SampleScope,
  type SampleSummary,
} from '@chaos/spec';
import { OverloadJudge, OVERLOAD_LIMITS, type OverloadLimits } from './overload-judge.js';
import { allocateRing, SampleRing, SCOPES, type Row } from './sample-ring.js';
import { HOST_SCOPE, type SamplerCommand, type SamplerReady } from './sampler-messages.js';
import { summarize } from './summarize.js';
import { toSample } from './to-sample.js';
import type { EventLoopReading } from './watch-event-loop.js';

/** A process tree to watch: a process and its descendants, without those of a nearer watched process. */
export interface WatchedScope {
  readonly scope: SampleScope;
  readonly pid: number;
}

/** Options of {@link startMonitor}. */
export interface MonitorOptions {
  /** Milliseconds between samples, at least 20. Default 250. */
  readonly intervalMs?: number;
  /** Returns the scopes to watch from the start; called once. Default: this process as `main`. */
  readonly scopes?: () => readonly WatchedScope[];
  /** Samples kept, over all scopes; 136 bytes each. Default 32768: 12 minutes of 10 scopes. */
  readonly capacity?: number;
  /** Changes to {@link OVERLOAD_LIMITS}. */
  readonly limits?: Partial<OverloadLimits>;
  /** Called when the sampler dies; no more samples follow. Default: a process warning. */
  readonly onError?: (error: Error) => void;
}

/**
 * Watches process trees and the machine from its own thread. Does not keep the process alive. Disposing ends the
 * thread.
 */
export interface Monitor extends AsyncDisposable {
  /** Watches a process and its descendants under this name, instead of an earlier process of the same name. */
  watch(scope: SampleScope, pid: number): void;
  unwatch(scope: SampleScope): void;
  /** Subscribes to every sample, delivered when this thread's event loop runs. Returns a function that unsubscribes. */
  onSample(callback: (sample: Sample) => void): () => void;
  /** Subscribes to every change of {@link Monitor.verdict}. Returns a function that unsubscribes. */
  onOverload(callback: (verdict: OverloadVerdict) => void): () => void;
  /** Figures of an event loop, measured in its thread by `watchEventLoop()`; they go into the scope's next sample. */
  reportEventLoop(scope: SampleScope, reading: EventLoopReading): void;
  /**
   * Summary of the samples between two moments (ms since the Unix epoch). Up to date even if this event loop was
   * blocked.
   */
  window(startMs: number, endMs: number): SampleSummary;
  /** Current verdict on whether programs outside the watched trees make timing meaningless. */
  verdict(): OverloadVerdict;
}

/** Starts sampling. Throws {@link CapabilityMissing} if there is no `/proc`. */
export async function startMonitor(options: MonitorOptions = {}): Promise<Monitor> {
  const {
    intervalMs = 250,
    capacity = 32_768,
    scopes = () => [{ scope: 'main' as const, pid: process.pid }],
  } = options;
  const { onError = (error: Error) => process.emitWarning(error) } = options;
  checkRange('intervalMs', intervalMs, { least: 20 });
  checkRange('capacity', capacity, { least: SCOPES, whole: true });
  if (!existsSync('/proc/stat'))
    throw new CapabilityMissing('the monitor', `there is no /proc on ${process.platform}`, { hint: 'Run on Linux.' });
  const memory = allocateRing(capacity);
  const worker = new Worker(new URL('./sampler.js', import.meta.url), {
    workerData: { memory, intervalMs },
    name: 'chaos-monitor',
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 2 },
  });
  const [ready] = (await once(worker, 'message')) as [SamplerReady];
  worker.on('error', onError);
  const monitor = new ThreadMonitor(
    worker,
    new SampleRing(memory),
    ready.cpus,
    { ...OVERLOAD_LIMITS, ...options.limits },
    intervalMs,
  );
  // Call unref after adding the listeners: adding one refs the thread again.
  worker.unref();
  for (const { scope, pid } of scopes()) monitor.watch(scope, pid);
  return monitor;
}

class ThreadMonitor implements Monitor {
  readonly #worker: Worker;
  readonly #ring: SampleRing;
  readonly #newJudge: () => OverloadJudge;
  readonly #judge: OverloadJudge;
  readonly #intervalMs: number;
  readonly #lookBackMs: number;
  readonly #numbers = new Map<SampleScope, number>([['host', HOST_SCOPE]]);
  readonly #names: SampleScope[] = ['host'];
  readonly #sampleCallbacks = new Set<(sample: Sample) => void>();
  readonly #overloadCallbacks = new Set<(verdict: OverloadVerdict) => void>();
  #next = 1;
  #seen = 0;

  constructor(worker: Worker, ring: SampleRing, cpus: number, limits: OverloadLimits, intervalMs: number) {
    this.#worker = worker;
    this.#ring = ring;
    this.#intervalMs = intervalMs;
    this.#lookBackMs = 2 * Math.max(limits.sustainedMs, limits.samples * intervalMs) + intervalMs;
    this.#newJudge = () => new OverloadJudge(cpus, limits);
    this.#judge = this.#newJudge();
    worker.on('message', () => this.#listen());
  }

  watch(scope: SampleScope, pid: number): void {
    if (scope === 'host') throw new TypeError("Cannot watch a process as 'host': that is the machine");
    checkRange(`the pid of ${scope}`, pid, { least: 1, whole: true });
    this.#send({ type: 'watch', scope: this.#numberOf(scope), pid });
  }

  unwatch(scope: SampleScope): void {
    const number = this.#numbers.get(scope);
    if (number !== undefined && number !== HOST_SCOPE) this.#send({ type: 'unwatch', scope: number });
  }

  onSample(callback: (sample: Sample) => void): () => void {
    this.#sampleCallbacks.add(callback);
    this.#listen();
    return () => void this.#sampleCallbacks.delete(callback);
  }

  onOverload(callback: (verdict: OverloadVerdict) => void): () => void {
    this.#overloadCallbacks.add(callback);
    this.#listen();
    return () => void this.#overloadCallbacks.delete(callback);
  }

  reportEventLoop(scope: SampleScope, { eventLoopDelayMs, gcMs }: EventLoopReading): void {
    this.#ring.reportLoop(this.#numberOf(scope), eventLoopDelayMs, gcMs);
  }

  window(startMs: number, endMs: number): SampleSummary {
    const rows = this.#rowsBetween(startMs - this.#lookBackMs, endMs);
    const judge = this.#newJudge();
    let reason: string | undefined;
    for (const row of rows) {
      if (row.scope !== HOST_SCOPE) continue;
      const verdict = judge.judge(row, this.#intervalMs);
      if (verdict.overloaded && row.timeMs >= startMs) reason ??= verdict.reason;
    }
    const inside = rows.filter(({ timeMs }) => timeMs >= startMs);
    const count = inside.filter(({ scope }) => scope === HOST_SCOPE).length;
    return {
      count,
      overloaded: reason !== undefined,
      ...(reason === undefined ? {} : { overloadReason: reason }),
      scopes: summarize(inside, (scope) => this.#names[scope] ?? 'host'),
    };
  }

  verdict(): OverloadVerdict {
    this.#catchUp();
    return this.#judge.verdict;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#sampleCallbacks.clear();
    this.#overloadCallbacks.clear();
    await this.#worker.terminate();
  }

  #send(command: SamplerCommand): void {
    this.#worker.postMessage(command);
  }

  #numberOf(scope: SampleScope): number {
    const known = this.#numbers.get(scope);
    if (known !== undefined) return known;
    const number = this.#next;
    this.#next = (this.#next % (SCOPES - 1)) + 1;
    const former = this.#names[number];
    if (former !== undefined) this.#numbers.delete(former);
    this.#numbers.set(scope, number);
    this.#names[number] = scope;
    return number;
  }

  #rowsBetween(startMs: number, endMs: number): Row[] {
    const rows: Row[] = [];
    const { written, capacity } = this.#ring;
    for (
      let index = written - 1;
      index >= Math.max(0, written - capacity + 1) && this.#ring.timeMs(index) >= startMs;
      index -= 1
    ) {
      if (this.#ring.timeMs(index) > endMs) continue;
      const row = this.#ring.row(index);
      if (row !== undefined) rows.push(row);
    }
    return rows.reverse();
  }

  // Without subscribers the sampler does not wake this thread; it catches up when it is asked.
  #listen(): void {
    if (this.#sampleCallbacks.size + this.#overloadCallbacks.size > 0) this.#ring.acknowledge();
    this.#catchUp();
  }

  #catchUp(): void {
    const { written, capacity } = this.#ring;
    this.#seen = Math.max(this.#seen, written - capacity + 1);
    for (; this.#seen < written; this.#seen += 1) {
      if (this.#sampleCallbacks.size === 0 && this.#ring.scope(this.#seen) !== HOST_SCOPE) continue;
      const row = this.#ring.row(this.#seen);
      if (row === undefined) continue;
      for (const callback of this.#sampleCallbacks) callback(toSample(this.#names[row.scope] ?? 'host', row));
      if (row.scope !== HOST_SCOPE) continue;
      const before = this.#judge.verdict;
      const verdict = this.#judge.judge(row, this.#intervalMs);
      if (verdict !== before) for (const callback of this.#overloadCallbacks) callback(verdict);
    }
  }
}
