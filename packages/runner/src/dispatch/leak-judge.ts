import { relative } from 'node:path';
import type { Annotation, Attempt, ErrorCode, ResolvedConfig, RunEvent, TestCase } from '@chaos/spec';
import type { Leak, RunOrder } from '../ipc/messages.js';
import type { Job } from '../plan/job-chains.js';
import type { SlotProcess } from '../processes/slot-process.js';
import type { WorkerProcess } from '../processes/workers/worker-process.js';

/** An attempt that left something behind, not reported yet. */
export interface Suspect {
  readonly attempt: Attempt;
  readonly expectedStatus: TestCase['expectedStatus'];
  readonly leaks: readonly Leak[];
  /** Reports it with the given judgement. */
  report(attempt: Attempt): void;
}

/** Place where it ran and can run again. */
export interface Scene {
  readonly worker: WorkerProcess;
  readonly slot: SlotProcess;
  readonly job: Job;
  readonly order: RunOrder;
}

// Added to twice the time-out of the test.
const LEAK_RUN_MS = 10_000;

/**
 * Decides whether a test leaks, by running it again. Things opened once and kept (a pool, an agent) appear after the
 * first run and do not grow in the second; things that grow again were left behind. Each test is examined once in a
 * run; tests of a serial group together.
 */
export class LeakJudge {
  readonly #config: ResolvedConfig;
  readonly #signal: AbortSignal;
  readonly #emit: (event: RunEvent) => void;
  readonly #verdicts = new Map<string, readonly Leak[]>();

  constructor({
    config,
    signal,
    emit,
  }: {
    readonly config: ResolvedConfig;
    readonly signal: AbortSignal;
    readonly emit: (event: RunEvent) => void;
  }) {
    this.#config = config;
    this.#signal = signal;
    this.#emit = emit;
  }

  /** Adds leftovers to the attempt: as annotations, and as errors if `runner.leaks` is `fail`. */
  async judge(
    { attempt, expectedStatus, leaks }: Suspect,
    scene: Scene,
  ): Promise<{ readonly attempt: Attempt; readonly leaked: boolean }> {
    const verdict = this.#verdicts.get(attempt.testId) ?? (await this.#look(attempt, scene)) ?? leaks;
    this.#verdicts.set(attempt.testId, verdict);
    if (verdict.length === 0) return { attempt, leaked: false };
    const annotations = verdict.map((leak): Annotation => ({
      type: 'leak',
      description: this.#text(leak),
      ...(leak.location && { location: leak.location }),
    }));
    const annotated = { ...attempt, annotations: [...attempt.annotations, ...annotations] };
    if (this.#config.runner.leaks !== 'fail' || attempt.status !== expectedStatus)
      return { attempt: annotated, leaked: true };
    const errors = verdict.map((leak) => ({
      message: `Test left behind ${this.#text(leak)}`,
      code: 'LEFT_BEHIND' satisfies ErrorCode,
      hint: 'Close what a test opens, or open it in a worker fixture or in beforeAll.',
      ...(leak.location && { location: leak.location }),
    }));
    return { attempt: { ...annotated, status: 'failed', errors: [...attempt.errors, ...errors] }, leaked: true };
  }

  // A test that did not end by itself would not do so the second time.
  async #look({ status, testId }: Attempt, { worker, slot, job, order }: Scene): Promise<readonly Leak[] | undefined> {
    if (status === 'timedOut' || status === 'interrupted' || this.#signal.aborted || !worker.child.alive())
      return undefined;
    const tests = job.serial ? order.tests : order.tests.filter((test) => test.testId === testId);
    try {
      // A slot is reset before each run of the test, so leftovers in it are always new.
      const addresses = job.slotNeeds.length > 0 ? await slot.prepare(job, this.#signal) : {};
      const { leaks } = await worker.lookForLeaks(
        { ...order, tests, addresses },
        2 * tests.reduce((sum, { timeoutMs }) => sum + timeoutMs, 0) + LEAK_RUN_MS,
      );
      for (const [id, found] of Object.entries(leaks)) this.#verdicts.set(id, found);
      return leaks[testId];
    } catch (error) {
      this.#emit({ type: 'diagnostic', text: `cannot see what ${testId} leaks: ${String(error)}` });
      return undefined;
    }
  }

  #text({ what, location }: Leak): string {
    return location
      ? `${what}, opened at ${relative(this.#config.rootDir, location.file)}:${location.line}:${location.column}`
      : what;
  }
}
