import { relative } from 'node:path';
import { isChaosError, type SerializedError } from '@chaos/spec';
import { restOf, retryJob, type Job, type JobChain } from '../plan/job-chains.js';
import { monotonicMs } from '../real-time.js';
import { groupRetries } from '../retry/decide-retry.js';
import { serializeError } from '../data/serialize-error.js';
import type { DispatcherOptions, Dispatching } from './dispatcher-options.js';
import type { Feeding } from './feeding.js';
import { JobQueue } from './job-queue.js';
import { JobRun, type JobHost } from './job-run.js';
import { LeakJudge } from './leak-judge.js';
import type { Stress } from './stress.js';

/**
 * Assigns jobs to workers as locks, chains and delays allow, retries failures, and survives the loss of any process.
 */
export class Dispatcher implements Dispatching {
  readonly #options: DispatcherOptions;
  readonly #queue: JobQueue;
  readonly #host: JobHost;
  #stress: Stress | undefined;
  #unexpected = 0;
  readonly #unrun = new Set<string>();
  #stopReason: string | undefined;
  #environment: SerializedError | undefined;
  #feed: Feeding | undefined;
  #wake: (() => void) | undefined;

  constructor(options: DispatcherOptions) {
    this.#options = options;
    this.#queue = new JobQueue(options.config.runner.capacities, options.importedBy);
    this.#host = this.#hostOf(options);
  }

  /** The error that prevented the set-up of the environment, if any. */
  get environmentError(): SerializedError | undefined {
    return this.#environment;
  }

  /**
   * Runs these chains, and those that `stress` repeats, until nothing is left or the run is stopped. Several calls may
   * add chains of one phase, one after the other. With `feed`, more chains arrive while they run.
   */
  async run(chains: readonly JobChain[], stress?: Stress, feed?: Feeding): Promise<void> {
    this.#stress = stress;
    this.#feed = feed;
    if (this.#stopReason === undefined) this.#queue.add(...chains);
    const { signal } = this.#options;
    const onAbort = (): void =>
      this.stop(signal.reason instanceof Error ? signal.reason.message : 'the run was stopped');
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    for (;;) {
      this.#pump();
      const { isRunning } = this.#queue;
      const isFed = this.#feed !== undefined && !this.#feed.isOver;
      if (!isRunning && (this.#stopReason !== undefined || (this.#queue.isEmpty && !isFed))) break;
      await this.#pause(isRunning);
    }
    signal.removeEventListener('abort', onAbort);
  }

  /** Runs chains of teardown projects: after too many failures, too, but not when the run was told to end. */
  async runTeardown(chains: readonly JobChain[]): Promise<void> {
    const reason = this.#stopReason;
    if (reason !== undefined && !this.#hasTooManyFailures) return;
    this.#stopReason = undefined;
    await this.run(chains);
    this.#stopReason ??= reason;
  }

  get #hasTooManyFailures(): boolean {
    const { maxFailures } = this.#options.config.runner;
    return maxFailures > 0 && this.#unexpected >= maxFailures;
  }

  /** Reason why nothing more is started, if any. */
  get stopReason(): string | undefined {
    return this.#stopReason;
  }

  /** Starts nothing new and interrupts running tests. */
  stop(reason: string): void {
    if (this.#stopReason !== undefined) return;
    this.#stopReason = reason;
    this.#queue.clear();
    this.#options.workers.abort(reason);
    this.#wake?.();
  }

  // Wakes up when anything ends, or when the next retry is due.
  async #pause(isRunning: boolean): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      const due = this.#queue.nextDueMs(monotonicMs());
      if (Number.isFinite(due)) timer = setTimeout(resolve, Math.max(1, due - monotonicMs()));
      else if (!isRunning && this.#feed?.isAsking !== true) timer = setTimeout(resolve, 1);
    });
    clearTimeout(timer);
  }

  #pump(): void {
    for (const slotIndex of this.#options.slots.keys()) {
      if (this.#queue.isBusy(slotIndex) || this.#stopReason !== undefined) continue;
      const next = this.#queue.take(slotIndex) ?? this.#repeat(slotIndex);
      if (!next) {
        this.#ask();
        continue;
      }
      void this.#execute(slotIndex, next.chain, next.job).finally(() => {
        this.#queue.giveBack(slotIndex, next.chain, next.job);
        const { unit } = next.chain;
        if (unit && this.#stopReason === undefined && !this.#queue.holdsUnit(unit)) unit.done();
        this.#wake?.();
      });
    }
  }

  // Only if nothing waits: a job that waits for a lock keeps its place.
  #ask(): void {
    if (this.#feed === undefined || this.#queue.isWaiting) return;
    this.#feed.ask((chains) => {
      if (this.#stopReason === undefined) this.#queue.add(...chains);
      this.#wake?.();
    });
  }

  // Only if nothing waits, because repetition has no end of its own.
  #repeat(slotIndex: number): ReturnType<JobQueue['take']> {
    const chain = this.#stress && !this.#queue.isWaiting ? this.#stress.next() : undefined;
    if (!chain) return undefined;
    this.#queue.add(chain);
    return this.#queue.take(slotIndex);
  }

  async #execute(slotIndex: number, chain: JobChain, job: Job): Promise<void> {
    const run = new JobRun(job, slotIndex, this.#host);
    try {
      const ran = await run.run();
      if (!ran) return;
      this.#continue(chain, run, ran.lost);
      this.#retry(chain, run);
    } catch (error) {
      this.#notSetUp(job, error);
    }
  }

  // Tests that were not started (their worker was lost, or an earlier test must be retried first) continue afterwards.
  // If none was started, try that once: somebody may have killed an idle worker.
  #continue(chain: JobChain, { job, missed }: JobRun, lost: string | undefined): void {
    if (missed.length === 0) return;
    const isRunOver = this.#stopReason !== undefined;
    const none = missed.length === job.tests.length;
    if (!isRunOver && !(none && (lost === undefined || job.again))) {
      chain.jobs.unshift({ ...restOf(job, missed), again: none });
      return;
    }
    if (lost !== undefined && !isRunOver) this.#reportUnrun(job.file, lost);
    for (const { id } of missed) this.#options.results.skip(id, lost ?? this.#stopReason ?? 'it did not run', true);
  }

  // Its groups go the same way, one after the other.
  #reportUnrun(file: string, lost: string): void {
    if (this.#unrun.has(file)) return;
    this.#unrun.add(file);
    this.#options.results.error({ message: `Cannot run ${relative(this.#options.config.rootDir, file)}: ${lost}` });
  }

  #retry(chain: JobChain, { job, endOf }: JobRun): void {
    if (this.#stopReason !== undefined) return;
    for (const { tests, isolation, atEnd, delayMs } of groupRetries(job, endOf, this.#options.config.runner.seed)) {
      const again = retryJob(job, tests, isolation, monotonicMs() + delayMs);
      if (atEnd)
        this.#queue.add({ file: job.file, jobs: [again], late: true, ...(chain.unit && { unit: chain.unit }) });
      else chain.jobs.unshift(again);
    }
  }

  // A missing capability skips its tests; any other error ends the run, which cannot continue without its services.
  #notSetUp(job: Job, error: unknown): void {
    if (isChaosError(error, 'CAPABILITY_MISSING')) {
      const { message, hint } = error;
      for (const { id } of job.tests) this.#options.results.skip(id, hint ? `${message} (${hint})` : message, false);
      return;
    }
    const data = serializeError(error);
    // A slot that hangs is found out when the run is told to end.
    if (this.#stopReason !== undefined)
      return void (isChaosError(error, 'SLOT_LOST') && this.#options.results.error(data));
    this.#options.results.error(data);
    this.#endOfEnvironment(data);
  }

  #endOfEnvironment(error: SerializedError): void {
    this.#environment ??= error;
    this.stop('the environment could not be set up');
  }

  #hostOf(options: DispatcherOptions): JobHost {
    const { maxFailures } = options.config.runner;
    const stopReason = (): string | undefined => this.#stopReason;
    return {
      options,
      leaks: new LeakJudge(options),
      get stopReason() {
        return stopReason();
      },
      lackedProcess: (error) => this.#endOfEnvironment(error),
      failuresLeft: () => (maxFailures === 0 ? 0 : maxFailures - this.#unexpected),
      isLastOfFile: (job) => !this.#queue.holds(job),
      repeated: (testId, failed) => this.#stress?.add(testId, failed) ?? false,
      failedFinally: () => {
        if (++this.#unexpected === maxFailures)
          this.stop(`Testing stopped early after ${maxFailures} maximum allowed failures.`);
      },
    };
  }
}
