import type { ResolvedConfig, RunEvent } from '@chaos/spec';
import type { Timings } from '@chaos/record';
import type { Dispatching } from '../../dispatch/dispatcher-options.js';
import type { Results } from '../../dispatch/results.js';
import type { Remote, RemoteChain, RemoteRun } from '../../elsewhere.js';
import type { JobChain } from '../../plan/job-chains.js';
import { laneDurationMs } from '../../plan/order.js';
import type { Plan } from '../loading/load-plan.js';

/** Dependencies of a remote dispatcher. */
export interface RemoteDispatcherOptions {
  readonly remote: Remote;
  readonly runId: string;
  readonly plan: Plan;
  readonly results: Results;
  readonly config: ResolvedConfig;
  /** Aborts when the run is told to end. */
  readonly signal: AbortSignal;
  readonly emit: (event: RunEvent) => void;
}

/** Has chains of jobs run elsewhere, and records what comes back. */
export class RemoteDispatcher implements Dispatching {
  readonly environmentError = undefined;
  readonly #options: RemoteDispatcherOptions;
  readonly #timings: Timings;
  readonly #stop = new AbortController();
  #opened: Promise<void> | undefined;
  #unexpected = 0;

  constructor(options: RemoteDispatcherOptions) {
    this.#options = options;
    this.#timings = options.plan.timingFile.timings;
    const { signal } = options;
    const stop = (): void => this.#stop.abort(signal.reason);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  }

  get stopReason(): string | undefined {
    const { aborted, reason } = this.#stop.signal;
    if (!aborted) return undefined;
    return reason instanceof Error ? reason.message : 'the run was stopped';
  }

  async run(chains: readonly JobChain[]): Promise<void> {
    if (this.stopReason !== undefined) return;
    await (this.#opened ??= this.#options.remote.open(this.#remoteRun()));
    const open = chains.map((chain) => this.#chainOf(chain)).filter(({ ids }) => ids.length > 0);
    if (open.length > 0) await this.#options.remote.run(open);
  }

  async runTeardown(chains: readonly JobChain[]): Promise<void> {
    await this.run(chains);
  }

  // What a continued run knows already is left out.
  #chainOf(chain: JobChain): RemoteChain {
    const { results } = this.#options;
    const tests = chain.jobs.flatMap((job) => job.tests);
    const serial = chain.jobs.some((job) => job.serial);
    const left =
      serial && tests.some(({ id }) => !results.isDone(id)) ? tests : tests.filter(({ id }) => !results.isDone(id));
    return {
      file: chain.file,
      ids: left.map(({ id }) => id),
      serial,
      durationMs: laneDurationMs(chain, this.#timings),
      exclusive: [...new Set(chain.jobs.flatMap(({ claims }) => claims.exclusive))],
      shared: [...new Set(chain.jobs.flatMap(({ claims }) => claims.shared))],
      requires: [...new Set(left.flatMap(({ requires }) => requires))],
    };
  }

  #remoteRun(): RemoteRun {
    const { runId, plan, results, emit } = this.#options;
    return {
      runId,
      plan: { tests: plan.tests, slotFixtures: Object.fromEntries(plan.slotFixtures) },
      signal: this.#stop.signal,
      accept: (event) => {
        if (event.type !== 'test-end' && event.type !== 'test-skip') {
          emit(event);
          return true;
        }
        if (!results.adopt(event)) return false;
        if (event.outcome === 'unexpected') this.#failedFinally();
        return true;
      },
      isDone: (testId) => results.isDone(testId),
      skip: (testId, reason, didNotRun) => results.skip(testId, reason, didNotRun),
      error: (error) => results.error(error),
    };
  }

  #failedFinally(): void {
    const { maxFailures } = this.#options.config.runner;
    if (++this.#unexpected === maxFailures)
      this.#stop.abort(new Error(`Testing stopped early after ${maxFailures} maximum allowed failures.`));
  }
}
