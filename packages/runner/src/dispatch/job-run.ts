import type { Attempt, SerializedError, TestCase } from '@chaos/spec';
import { originOf } from '../data/origin.js';
import type { RunOrder } from '../ipc/messages.js';
import type { Job } from '../plan/job-chains.js';
import type { PlannedTest } from '../plan/planned-test.js';
import { missingAttempt } from '../processes/workers/lost-attempt.js';
import { replaceWorker } from '../processes/workers/replace-worker.js';
import type { SlotProcess } from '../processes/slot-process.js';
import type { WorkerEvents } from '../processes/workers/worker-events.js';
import type { WorkerProcess } from '../processes/workers/worker-process.js';
import { askAfterLoss } from '../retry/ask-after-loss.js';
import { followsRetry, type AttemptEnd } from '../retry/decide-retry.js';
import { isUnexpected, saysSomething } from '../verdict/outcome.js';
import type { DispatcherOptions } from './dispatcher-options.js';
import type { LeakJudge, Suspect } from './leak-judge.js';
import { orderOf } from './order-of.js';

/** The dispatcher, as seen by a running job. */
export interface JobHost {
  readonly options: DispatcherOptions;
  readonly leaks: LeakJudge;
  /** Reason why nothing more is started, if any. */
  readonly stopReason: string | undefined;
  /** Failures until the run stops; 0 = no limit. */
  failuresLeft(): number;
  /** False while other jobs of the same file wait. */
  isLastOfFile(job: Job): boolean;
  /** A repetition of a stress run has ended; true if its test has failed too often. */
  repeated(testId: string, failed: boolean): boolean;
  /** A test failed and is not retried. */
  failedFinally(): void;
  /** It failed because the system starts no more processes: no other test can do better. */
  lackedProcess(error: SerializedError): void;
}

/** One job on its slot: prepares the slot, gives the order to a worker, and turns its events into results. */
export class JobRun {
  readonly job: Job;
  readonly #slotIndex: number;
  readonly #host: JobHost;
  readonly #ends = new Map<string, AttemptEnd>();
  readonly #byId: ReadonlyMap<string, PlannedTest>;
  /** Attempts not reported yet. */
  readonly #suspects: Suspect[] = [];
  #prepareMs = 0;
  /** Of the slot, for the report of the next attempt. */
  readonly #notes: string[] = [];

  constructor(job: Job, slotIndex: number, host: JobHost) {
    this.job = job;
    this.#slotIndex = slotIndex;
    this.#host = host;
    this.#byId = new Map(job.tests.map((test) => [test.id, test]));
  }

  /** The end of this test's attempt; `undefined` if it did not start. */
  endOf = ({ id }: PlannedTest): AttemptEnd | undefined => this.#ends.get(id);

  /** Tests that did not start. */
  get missed(): readonly PlannedTest[] {
    return this.job.tests.filter(({ id }) => !this.#ends.has(id));
  }

  /**
   * Runs the job; `lost` is the reason why its worker is gone, if it is. `undefined` if the run was stopped meanwhile.
   * Rejects if the slot or a process could not be started.
   */
  async run(): Promise<{ readonly lost: string | undefined } | undefined> {
    const { job } = this;
    const { options } = this.#host;
    const { slots, signal, workers } = options;
    const slot = slots[this.#slotIndex] as SlotProcess;
    const start = performance.now();
    const addresses = job.slotNeeds.length > 0 ? await slot.prepare(job, signal) : {};
    this.#prepareMs = performance.now() - start;
    this.#notes.push(...slot.takeNotes());
    if (this.#host.stopReason !== undefined) return undefined;
    if (job.fresh) await workers.retire(this.#slotIndex);
    const { namespace } = slot;
    const next = async (): Promise<WorkerProcess> =>
      namespace && job.slotNeeds.length > 0 ? workers.move(this.#slotIndex, namespace) : workers.get(this.#slotIndex);
    const worker = await next();
    worker.events = this.#events(worker, slot);
    const order = orderOf(job, options, {
      maxFailures: this.#host.failuresLeft(),
      last: job.repeats || job.isolated || this.#host.isLastOfFile(job),
      addresses,
    });
    const { tainted, lost, attempt } = await worker.run(order);
    const leaky = await this.#reportSuspects(worker, slot, order);
    const unfit = tainted ?? lost ?? leaky ?? (job.isolated ? 'it was for one alone' : undefined);
    if (unfit !== undefined) await replaceWorker(worker, unfit, options);
    if (attempt) await this.#reportLoss(attempt, worker.events, next);
    this.#breakOff(worker.events);
    return { lost };
  }

  async #reportSuspects(worker: WorkerProcess, slot: SlotProcess, order: RunOrder): Promise<string | undefined> {
    let leaky: string | undefined;
    for (const suspect of this.#suspects) {
      const { attempt, leaked } = await this.#host.leaks.judge(suspect, { worker, slot, job: this.job, order });
      if (leaked) leaky = 'a test of it leaked';
      suspect.report(attempt);
    }
    return leaky;
  }

  // The worker that decides on retries died with the attempt, so the next one is asked if retries remain.
  async #reportLoss(attempt: Attempt, { testEnd }: WorkerEvents, next: () => Promise<WorkerProcess>): Promise<void> {
    const test = this.#byId.get(attempt.testId);
    const isOpen = test && this.#isRetried(test, { failed: true, retriable: true });
    const { retriable, errors } = isOpen ? await askAfterLoss(attempt, test, next) : { retriable: true, errors: [] };
    testEnd({ ...attempt, errors: [...attempt.errors, ...errors] }, 'passed', retriable, []);
  }

  // The worker reports this itself, unless it died with the failed test.
  #breakOff({ testSkip }: WorkerEvents): void {
    if (!this.job.serial || this.#host.stopReason !== undefined) return;
    if (![...this.#ends.values()].some(({ failed }) => failed)) return;
    for (const { id } of this.missed) testSkip(id, 'an earlier test of its serial group failed');
  }

  #isRetried(test: PlannedTest, end: AttemptEnd | undefined): boolean {
    return followsRetry(test, this.job.retry, end) && this.#host.stopReason === undefined;
  }

  #end(attempt: Attempt, expectedStatus: TestCase['expectedStatus'], retriable: boolean): void {
    const { job } = this;
    const test = this.#byId.get(attempt.testId);
    if (!test) return;
    const end = { failed: isUnexpected(attempt, expectedStatus), retriable };
    this.#ends.set(attempt.testId, end);
    const isFinal = !this.#isRetried(test, end);
    // Preparing the slot is not on the test's clock, but counts in its cost.
    const phases =
      job.slotNeeds.length > 0
        ? [{ name: 'slot', durationMs: Math.round(this.#prepareMs) }, ...attempt.phases]
        : attempt.phases;
    const notes = this.#notes.splice(0).map((description) => ({ type: 'slot', description }));
    const annotations = [...attempt.annotations, ...notes];
    const tooOften = job.repeats && saysSomething(attempt) && this.#host.repeated(attempt.testId, end.failed);
    this.#host.options.results.attempt({ ...attempt, phases, annotations }, expectedStatus, isFinal, tooOften);
    if (!end.failed || !isFinal) return;
    if (!test.quarantine) this.#host.failedFinally();
    const error = attempt.errors.find(lacksProcess);
    if (error) this.#host.lackedProcess(error);
  }

  #skip(testId: string, reason: string): void {
    const { job } = this;
    this.#ends.set(testId, { failed: false, retriable: false });
    // If the serial group is retried, they get another chance.
    if (!(job.serial && job.tests.some((test) => this.#isRetried(test, this.endOf(test)))))
      this.#host.options.results.skip(testId, reason, true);
  }

  #events(worker: WorkerProcess, slot: SlotProcess): WorkerEvents {
    const { emit, results, eventLoop } = this.#host.options;
    const { workerIndex, parallelIndex } = worker.init;
    const origin = originOf(parallelIndex, workerIndex);
    const begin: WorkerEvents['testBegin'] = (testId, retry, timeMs) =>
      emit({ type: 'test-start', testId, retry, workerIndex, parallelIndex, timeMs, origin });
    return {
      testBegin: begin,
      testEnd: (attempt, expectedStatus, retriable, leaks) => {
        if (leaks.length === 0) return this.#end(attempt, expectedStatus, retriable);
        const report = (judged: Attempt): void =>
          this.#end(judged, expectedStatus, retriable && judged.status === attempt.status);
        this.#suspects.push({ attempt, expectedStatus, leaks, report });
        this.#ends.set(attempt.testId, { failed: false, retriable: false });
      },
      testSkip: (testId, reason) => this.#skip(testId, reason),
      // The plan contains this test, so its absence is a failure, which is retried like any other.
      testMissing: (testId, error) => {
        const attempt = missingAttempt(testId, this.job.retry, error, worker.init);
        begin(testId, this.job.retry, attempt.startMs);
        this.#end(attempt, 'passed', true);
      },
      progress: (event) => emit({ ...event, origin }),
      output: (stream, text, test) =>
        emit({ type: 'test-output', stream, text, ...(test && { testId: test.testId, retry: test.retry }), origin }),
      error: (error) => results.error(error, origin),
      eventLoop: (reading) => eventLoop(parallelIndex, reading),
      slotCall: (call, signal) => slot.call(call, signal),
      goesOn: () => this.#host.stopReason === undefined,
    };
  }
}

// What asMachineError() makes of a process that could not be started.
function lacksProcess({ code, cause }: SerializedError): boolean {
  return code === 'ENVIRONMENT' && cause?.code === 'EAGAIN';
}
