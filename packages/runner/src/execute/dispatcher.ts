import { relative } from 'node:path';
import { isChaosError, type Attempt, type SerializedError, type TestCase } from '@chaos/spec';
import type { PlannedTest } from '../plan/planned-test.js';
import { isUnexpected, saysSomething } from '../plan/outcome.js';
import { restOf, retryUnit, type Lane, type Unit } from '../plan/lanes.js';
import { monotonicMs } from '../real-time.js';
import { serializeError } from '../serialize-error.js';
import type { DispatcherOptions } from './dispatcher-options.js';
import { LaneQueue, type Place } from './lane-queue.js';
import { LeakJudge, type Suspect } from './leak-judge.js';
import { missingAttempt } from './lost-attempt.js';
import { orderOf } from './order-of.js';
import { replaceWorker } from './replace-worker.js';
import { reportLoss } from './report-loss.js';
import { retryDelayMs } from './retry-delay.js';
import type { Slot } from './slot-process.js';
import type { Stress } from './stress.js';
import type { WorkerEvents } from './worker-events.js';
import type { WorkerProcess } from './worker-process.js';

/** Results of one unit's tests. */
type Done = Map<string, { readonly failed: boolean; readonly retriable: boolean }>;

/** A unit that a worker is running. */
interface Underway {
  readonly unit: Unit;
  readonly done: Done;
  readonly prepareMs: number;
  /** Attempts not reported yet. */
  readonly suspects: Suspect[];
}

/**
 * Assigns units to workers as locks, lanes and delays allow, retries failures, and survives the loss of any process.
 */
export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #queue: LaneQueue;
  readonly #places: readonly Place[];
  #stress: Stress | undefined;
  #unexpected = 0;
  readonly #leaks: LeakJudge;
  readonly #unrun = new Set<string>();
  #stopReason: string | undefined;
  #environment: SerializedError | undefined;
  #wake: (() => void) | undefined;

  constructor(options: DispatcherOptions) {
    this.#options = options;
    this.#leaks = new LeakJudge(options);
    this.#queue = new LaneQueue(options.config.runner.capacities, options.homes);
    this.#places = options.slots.map((_, index) => ({ index, busy: false }));
  }

  /** The error that prevented the set-up of the environment, if any. */
  get environmentError(): SerializedError | undefined {
    return this.#environment;
  }

  /**
   * Runs these lanes, and those that `stress` repeats, until nothing is left or the run is stopped. Several calls may
   * add lanes of one phase, one after the other.
   */
  async run(lanes: readonly Lane[], stress?: Stress): Promise<void> {
    this.#stress = stress;
    if (this.#stopReason === undefined) this.#queue.add(...lanes);
    const { signal } = this.#options;
    const onAbort = (): void =>
      this.stop(signal.reason instanceof Error ? signal.reason.message : 'the run was stopped');
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    for (;;) {
      this.#pump();
      const busy = this.#places.some((place) => place.busy);
      if (!busy && (this.#stopReason !== undefined || this.#queue.isEmpty)) break;
      await this.#pause(busy);
    }
    signal.removeEventListener('abort', onAbort);
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
  async #pause(busy: boolean): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      const due = this.#queue.nextDueMs(monotonicMs());
      if (Number.isFinite(due)) timer = setTimeout(resolve, Math.max(1, due - monotonicMs()));
      else if (!busy) timer = setTimeout(resolve, 1);
    });
    clearTimeout(timer);
  }

  #pump(): void {
    for (const place of this.#places) {
      if (place.busy || this.#stopReason !== undefined) continue;
      const next = this.#queue.take(place) ?? this.#repeat(place);
      if (!next) continue;
      place.busy = true;
      void this.#execute(place, next.lane, next.unit).finally(() => {
        this.#queue.giveBack(next.lane, next.unit);
        place.busy = false;
        this.#wake?.();
      });
    }
  }

  // Only if nothing waits, because repetition has no end of its own.
  #repeat(place: Place): ReturnType<LaneQueue['take']> {
    const lane = this.#stress && !this.#queue.isWaiting ? this.#stress.next() : undefined;
    if (!lane) return undefined;
    this.#queue.add(lane);
    return this.#queue.take(place);
  }

  async #execute(place: Place, lane: Lane, unit: Unit): Promise<void> {
    const done: Done = new Map();
    const { slots, signal, workers, config } = this.#options;
    const { maxFailures } = config.runner;
    try {
      const slot = slots[place.index] as Slot;
      const start = performance.now();
      const addresses = unit.slotNeeds.length > 0 ? await slot.prepare(unit, signal) : {};
      const prepareMs = performance.now() - start;
      if (this.#stopReason !== undefined) return;
      if (unit.fresh) await workers.retire(place.index);
      const { home } = slot;
      const next = async (): Promise<WorkerProcess> =>
        home && unit.slotNeeds.length > 0 ? workers.move(place.index, home) : workers.get(place.index);
      const worker = await next();
      const suspects: Suspect[] = [];
      worker.events = this.#events(worker, slot, { unit, done, prepareMs, suspects });
      const last = unit.repeats || unit.isolated || !this.#queue.holds(unit);
      const order = orderOf(unit, this.#options, {
        maxFailures: maxFailures === 0 ? 0 : maxFailures - this.#unexpected,
        last,
        addresses,
      });
      const { tainted, lost, attempt } = await worker.run(order);
      let leaky: string | undefined;
      for (const suspect of suspects) {
        const { attempt, leaked } = await this.#leaks.judge(suspect, { worker, slot, unit, order });
        if (leaked) leaky = 'a test of it leaked';
        suspect.report(attempt);
      }
      const unfit = tainted ?? lost ?? leaky ?? (unit.isolated ? 'it was for one alone' : undefined);
      if (unfit !== undefined) await replaceWorker(worker, unfit, this.#options);
      if (attempt)
        await reportLoss(
          attempt,
          unit.tests,
          worker.events,
          (test) => this.#willRetry(unit, test, { failed: true, retriable: true }),
          next,
        );
      this.#breakOff(unit, done, worker.events);
      const missed = unit.tests.filter(({ id }) => !done.has(id));
      // Tests that were not started (their worker was lost, or an earlier test must be retried first) continue
      // afterwards. If none was started, try that once: somebody may have killed an idle worker.
      const none = missed.length === unit.tests.length;
      if (missed.length > 0 && this.#stopReason === undefined && !(none && (lost === undefined || unit.again)))
        lane.units.unshift({ ...restOf(unit, missed), again: none });
      else {
        if (missed.length > 0 && lost !== undefined && this.#stopReason === undefined) this.#tellUnrun(unit.file, lost);
        for (const { id } of missed) this.#options.results.skip(id, lost ?? this.#stopReason ?? 'it did not run', true);
      }
      this.#retry(lane, unit, done);
    } catch (error) {
      this.#notSetUp(unit, error);
    }
  }

  // Its groups go the same way, one after the other.
  #tellUnrun(file: string, lost: string): void {
    if (this.#unrun.has(file) || !this.#unrun.add(file)) return;
    this.#options.results.error({ message: `Cannot run ${relative(this.#options.config.rootDir, file)}: ${lost}` });
  }

  // The worker reports this itself, unless it died with the failed test.
  #breakOff({ serial, tests }: Unit, done: Done, { testSkip }: WorkerEvents): void {
    if (!serial || this.#stopReason !== undefined || ![...done.values()].some(({ failed }) => failed)) return;
    for (const { id } of tests) if (!done.has(id)) testSkip(id, 'an earlier test of its serial group failed');
  }

  // A serial group is retried as a whole, any other test alone.
  #retry(lane: Lane, unit: Unit, done: Done): void {
    if (this.#stopReason !== undefined) return;
    const due = unit.tests.filter((test) => this.#willRetry(unit, test, done.get(test.id)));
    if (due.length === 0) return;
    for (const tests of unit.serial ? [unit.tests] : due.map((test) => [test])) {
      const asking = tests.find((test) => due.includes(test)) as PlannedTest;
      const { placement, isolation } = asking.retryPolicy;
      const again = retryUnit(
        unit,
        tests,
        isolation,
        monotonicMs() + retryDelayMs(asking.retryPolicy, unit.retry + 1, this.#options.config.runner.seed, asking.id),
      );
      if (placement === 'end') this.#queue.add({ file: unit.file, units: [again], late: true });
      else lane.units.unshift(again);
    }
  }

  #willRetry(unit: Unit, test: PlannedTest, result: { failed: boolean; retriable: boolean } | undefined): boolean {
    return (
      result !== undefined &&
      result.failed &&
      result.retriable &&
      unit.retry < test.retries &&
      this.#stopReason === undefined
    );
  }

  // A missing capability skips its tests; any other error ends the run, which cannot continue without its services.
  #notSetUp(unit: Unit, error: unknown): void {
    if (isChaosError(error, 'CAPABILITY_MISSING')) {
      const { message, hint } = error;
      for (const { id } of unit.tests) this.#options.results.skip(id, hint ? `${message} (${hint})` : message, false);
      return;
    }
    const data = serializeError(error);
    // A slot that hangs is found out when the run is told to end.
    if (this.#stopReason !== undefined)
      return void (isChaosError(error, 'SLOT_LOST') && this.#options.results.error(data));
    this.#environment = data;
    this.#options.results.error(data);
    this.stop('the environment could not be set up');
  }

  #events(worker: WorkerProcess, slot: Slot, { unit, done, prepareMs, suspects }: Underway): WorkerEvents {
    const { emit, results, config } = this.#options;
    const { maxFailures } = config.runner;
    const byId = new Map(unit.tests.map((test) => [test.id, test]));
    const { workerIndex, parallelIndex } = worker.init;
    const end = (attempt: Attempt, expectedStatus: TestCase['expectedStatus'], retriable: boolean): void => {
      const test = byId.get(attempt.testId);
      if (!test) return;
      const failed = isUnexpected(attempt, expectedStatus);
      done.set(attempt.testId, { failed, retriable });
      const final = !this.#willRetry(unit, test, done.get(attempt.testId));
      // Preparing the slot is not on the test's clock, but counts in its cost.
      const phases =
        unit.slotNeeds.length > 0
          ? [{ name: 'slot', durationMs: Math.round(prepareMs) }, ...attempt.phases]
          : attempt.phases;
      results.attempt({ ...attempt, phases }, expectedStatus, final);
      if (unit.repeats && saysSomething(attempt)) this.#stress?.add(attempt.testId, failed);
      if (failed && final && !test.quarantine && ++this.#unexpected === maxFailures)
        this.stop(`Testing stopped early after ${maxFailures} maximum allowed failures.`);
    };
    const begin: WorkerEvents['testBegin'] = (testId, retry, timeMs) =>
      emit({ type: 'test-start', testId, retry, workerIndex, parallelIndex, timeMs });
    return {
      testBegin: begin,
      testEnd: (attempt, expectedStatus, retriable, leaks) => {
        if (leaks.length > 0) {
          suspects.push({
            attempt,
            expectedStatus,
            leaks,
            report: (judged) => end(judged, expectedStatus, retriable && judged.status === attempt.status),
          });
          done.set(attempt.testId, { failed: false, retriable: false });
        } else end(attempt, expectedStatus, retriable);
      },
      testSkip: (testId, reason) => {
        done.set(testId, { failed: false, retriable: false });
        // If the serial group is retried, they get another chance.
        if (!(unit.serial && unit.tests.some((test) => this.#willRetry(unit, test, done.get(test.id)))))
          results.skip(testId, reason, true);
      },
      // The plan contains this test, so its absence is a failure, which is retried like any other.
      testMissing: (testId, error) => {
        const attempt = missingAttempt(testId, unit.retry, error, worker.init);
        begin(testId, unit.retry, attempt.startMs);
        end(attempt, 'passed', true);
      },
      fault: (testId, retry, name, timeMs, active) =>
        emit({ type: active ? 'fault-start' : 'fault-end', testId, retry, name, timeMs }),
      output: (stream, text, test) =>
        emit({ type: 'test-output', stream, text, ...(test && { testId: test.testId, retry: test.retry }) }),
      error: (error) => results.error(error),
      eventLoop: (reading) => this.#options.eventLoop(parallelIndex, reading),
      slotCall: (call, callSignal) => slot.call(call, callSignal),
    };
  }
}
