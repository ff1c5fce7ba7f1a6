import { setTimeout as sleep } from 'node:timers/promises';
import type { Attempt, SerializedError } from '@chaos/spec';
import { Channel } from '../../ipc/channel.js';
import type { FromWorker, LoadedFile, RunOrder, ToWorker, WorkerInit } from '../../ipc/messages.js';
import { monotonicMs } from '../../real-time.js';
import { serializeError } from '../../data/serialize-error.js';
import { ANSWER_MS, HangWatch } from '../../hang/hang-watch.js';
import { startChild, type Child, type ChildExit } from '../child.js';
import { failedLoad } from './failed-load.js';
import { finishWorker } from './finish-worker.js';
import type { SlotNamespace } from '../sandbox.js';
import { lostAttempt, ToldOfAttempt, withLoss } from './lost-attempt.js';
import { lostBetween } from './lost-between.js';
import { LOAD_MS, OrderClock } from '../../hang/order-clock.js';
import type { Asked } from '../../hang/tell-running.js';
import type { WorkerEvents } from './worker-events.js';
import { WorkerOutput } from '../../output/worker-output.js';

/** A worker as seen by main: loads files, runs orders, and is watched meanwhile. */
export class WorkerProcess {
  readonly init: WorkerInit;
  readonly child: Child;
  readonly namespace: SlotNamespace | undefined;
  readonly #channel: Channel<FromWorker, ToWorker>;
  /** Event sink; replaced for every run order. */
  events: WorkerEvents;
  readonly #ready: Promise<unknown>;
  readonly #output: WorkerOutput;
  readonly #watch: HangWatch;
  #ended: Promise<void> = Promise.resolve();
  readonly #clock: OrderClock;
  #lastWords: SerializedError | undefined;
  #isInterrupted = false;
  #isKilled = false;
  /** True once a test has begun in it. */
  #hasBegun = false;
  readonly #told = new ToldOfAttempt();
  /** True between two orders. */
  #isIdle = false;
  #loading = 0;
  #finished: Promise<void> | undefined;

  /** With a `namespace` it runs in that namespace; `child` is its process if it has started already. */
  constructor(
    init: WorkerInit,
    events: WorkerEvents,
    namespace: SlotNamespace | undefined,
    child: Child = startChild('worker/main', init.runId, namespace?.enter),
  ) {
    this.init = init;
    this.events = events;
    this.namespace = namespace;
    this.child = child;
    this.#output = new WorkerOutput(child, init, {
      text: (stream, text) => this.events.output(stream, text, this.#watch.test),
      error: (error) => this.events.error(error),
    });
    const { projects, testTimeoutMs } = init.config.runner;
    const budgets = [testTimeoutMs, ...projects.map((project) => project.testTimeoutMs)];
    this.#clock = new OrderClock(budgets.includes(0) ? 0 : Math.max(...budgets), (message) => {
      this.#watch.kill({ status: 'interrupted', message: `Worker ${init.workerIndex} was killed: ${message}` });
    });
    this.#watch = new HangWatch({
      openInspector: (signal) => this.child.openInspector(signal),
      enter: namespace?.enter,
      ping: () => this.#channel.request('ping', null),
      kill: () => this.kill(),
    });
    this.#channel = new Channel<FromWorker, ToWorker>(this.child.process, `worker ${init.workerIndex}`, {
      imported: () => this.#clock.between(),
      slotCall: (call, signal) => this.events.slotCall(call, signal),
      goesOn: () => this.#ended.then(() => this.events.goesOn()),
      testBegin: ({ testId, retry, timeMs, timeoutMs }) => {
        this.#clock.stop();
        this.#hasBegun = true;
        this.#told.forget();
        this.#watch.begin({ testId, retry, startMs: timeMs, begunMs: monotonicMs(), timeoutMs });
        this.events.testBegin(testId, retry, timeMs);
      },
      timeoutChange: ({ timeoutMs }) => this.#watch.setTimeoutMs(timeoutMs),
      testEnd: ({ attempt, expectedStatus, retriable, leaks, marks }) => {
        this.#watch.end();
        this.#clock.between();
        this.#ended = this.#ended.then(async () =>
          this.events.testEnd(await this.#output.addTo(attempt, marks), expectedStatus, retriable, leaks),
        );
      },
      testError: (failure) => this.#told.take(failure),
      testSkip: ({ testId, reason }) => this.events.testSkip(testId, reason),
      testMissing: ({ testId, error }) => this.events.testMissing(testId, error),
      progress: (event) => this.events.progress(event),
      error: ({ error }) => this.events.error(error),
      exit: ({ error }) => void (this.#lastWords = error),
      eventLoop: (reading) => this.events.eventLoop(reading),
    });
    this.#ready = this.#channel.request('init', init);
    this.child.expect(this.#ready);
    void this.child.exited.then((exit) => {
      this.#channel.close(exit.failure ?? new Error('worker process exited unexpectedly'));
      this.#loseIdle(exit);
    });
  }

  /**
   * Executes a file for its declarations. A hanging import becomes an error of that file, and ends this worker. Rejects
   * if the system could not start a process.
   */
  async load(file: string, withDependencies: boolean): Promise<LoadedFile> {
    const failed = (error: SerializedError): LoadedFile => failedLoad(file, error);
    let timer: NodeJS.Timeout | undefined;
    this.#loading++;
    const late = new Promise<LoadedFile>((resolve) => {
      timer = setTimeout(() => {
        this.kill();
        resolve(failed({ message: `Cannot load ${file}: it was still being imported after ${LOAD_MS} ms` }));
      }, LOAD_MS);
    });
    try {
      const loaded = this.#ready.then(() => this.#channel.request('load', { file, withDependencies }));
      return await Promise.race([loaded, late]);
    } catch (error) {
      const exit = this.#channel.closed ? await this.child.exited : undefined;
      if (!exit) return failed(serializeError(error));
      if (exit.failure) throw exit.failure;
      const said = this.#lastWords ? `: ${this.#lastWords.message}` : '';
      return failed({
        ...this.#lastWords,
        message: `Cannot load ${file}: the worker process exited (code=${exit.code}, signal=${exit.signal}) while importing it${said}`,
      });
    } finally {
      this.#loading--;
      clearTimeout(timer);
    }
  }

  /**
   * Runs an order to its end; all its events were delivered when it resolves. Rejects only if the system could not
   * start a process: otherwise `lost` gives the reason why the worker is gone, and `attempt` the one that died with it.
   */
  async run(
    order: RunOrder,
  ): Promise<{ readonly tainted: string | undefined; readonly lost: string | undefined; readonly attempt?: Attempt }> {
    this.#isIdle = false;
    this.#clock.importing();
    try {
      await this.#ready;
      this.#output.outputDir = order.outputDir;
      const { tainted } = await this.#channel.request('run', order);
      await this.#ended;
      this.#isIdle = true;
      if (!this.child.alive()) this.#loseIdle(await this.child.exited);
      return { tainted, lost: undefined };
    } catch (error) {
      // The worker runs but could not execute the order.
      const refused = this.#channel.closed || !(error instanceof Error) ? undefined : error.message;
      if (refused !== undefined) this.kill();
      const exit = await this.child.exited;
      if (exit.failure) throw exit.failure;
      await this.#ended;
      const lost =
        this.#watch.hung?.message ??
        refused ??
        `worker process exited unexpectedly (code=${exit.code}, signal=${exit.signal})`;
      const attempt = await this.#loseTest(lost);
      // Before its first test it has nothing to lose: another worker runs the order.
      if (!attempt && this.#hasBegun && !this.#isKilled) this.#loseBetween(exit);
      return { tainted: undefined, lost, ...(attempt && { attempt }) };
    } finally {
      this.#watch.stop();
      this.#clock.stop();
    }
  }

  /** Sends a request that is answered at once. */
  ask<M extends 'mayRetry' | 'environment'>(
    question: M,
    details: ToWorker['requests'][M][0],
  ): Promise<ToWorker['requests'][M][1]> {
    return this.#channel.request(question, details);
  }

  /** Returns the running test and the worker's own description; the latter is missing if it does not answer in time. */
  async where(): Promise<Asked> {
    const { test } = this.#watch;
    const said = await Promise.race([
      this.#channel.request('where', null).catch(() => undefined),
      sleep(ANSWER_MS, undefined, { ref: false }),
    ]);
    return {
      slot: this.init.parallelIndex,
      workerIndex: this.init.workerIndex,
      pid: this.child.pid,
      said,
      test: test && {
        testId: test.testId,
        retry: test.retry,
        forMs: monotonicMs() - test.begunMs,
        timeoutMs: test.timeoutMs,
      },
    };
  }

  /**
   * Runs the one test of an order again, to find who opens its leftovers. Reports nothing else. Rejects when the worker
   * is lost meanwhile.
   */
  async lookForLeaks(
    order: RunOrder,
    limitMs: number,
  ): Promise<Omit<ToWorker['requests']['lookForLeaks'][1], 'marks'>> {
    const { events } = this;
    const nothing = (): void => {};
    this.#isIdle = false;
    this.events = { ...events, output: nothing, progress: nothing, error: nothing };
    const timer = setTimeout(() => this.kill(), limitMs);
    try {
      const { marks, ...found } = await this.#channel.request('lookForLeaks', order);
      await this.#output.skip(marks);
      return found;
    } finally {
      clearTimeout(timer);
      this.events = events;
      this.#isIdle = this.child.alive();
    }
  }

  /** Ends the running test as interrupted. */
  abort(reason: string): void {
    this.#isInterrupted = true;
    this.#channel.notify('abort', { reason });
    this.#watch.interrupt(reason);
  }

  /** Fails the running test if it uses the slot. */
  loseSlot(reason: string): void {
    this.#channel.notify('slotLost', { reason });
  }

  /**
   * Tears down afterAll hooks and worker fixtures, each within its budget. Then the process is killed, which takes a
   * moment.
   */
  finish(): Promise<void> {
    return (this.#finished ??= this.#finish());
  }

  async #finish(): Promise<void> {
    // No test has run yet, and an import may never end.
    if (this.#loading === 0 && this.child.alive()) {
      this.#isIdle = false;
      const error = await finishWorker({
        workerIndex: this.init.workerIndex,
        watch: this.#watch,
        exited: this.child.exited,
        stop: () => this.#channel.request('stop', null),
        isGone: () => this.#channel.closed,
        isKilled: () => this.#isKilled,
        isInterrupted: () => this.#isInterrupted,
        lastWords: () => this.#lastWords,
      });
      if (error) this.events.error(error);
    }
    this.kill();
  }

  /** The same, and waits until the process is gone. */
  async stop(): Promise<void> {
    await this.finish();
    await this.child.exited;
    this.#output.discard();
  }

  kill(): void {
    this.#isKilled = true;
    this.child.process.kill('SIGKILL');
  }

  #loseIdle(exit: ChildExit): void {
    if (this.#isIdle && !this.#isKilled) this.#loseBetween(exit);
    this.#isIdle = false;
  }

  #loseBetween(exit: ChildExit): void {
    this.events.error(lostBetween(this.init.workerIndex, 'between tests', exit, this.#lastWords));
  }

  // The test that killed its worker gets its result here.
  async #loseTest(reason: string): Promise<Attempt | undefined> {
    const test = this.#watch.end();
    if (!test) return undefined;
    await this.#output.drained();
    const attempt = lostAttempt(
      { ...test, status: this.#watch.hung?.status ?? 'failed', durationMs: monotonicMs() - test.begunMs },
      this.init,
    );
    const all = await this.#output.addTo({ ...attempt, ...this.#told.all }, { stdout: false, stderr: false });
    return withLoss(all, { reason, hung: this.#watch.hung, lastWords: this.#lastWords });
  }
}
