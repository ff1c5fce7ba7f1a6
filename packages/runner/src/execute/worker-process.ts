import { setTimeout as sleep } from 'node:timers/promises';
import type { Attempt, SerializedError } from '@chaos/spec';
import { Channel } from '../ipc/channel.js';
import type { FromWorker, LoadedFile, RunOrder, ToWorker, WorkerInit } from '../ipc/messages.js';
import { monotonicMs } from '../real-time.js';
import { serializeError } from '../serialize-error.js';
import { answersWithin } from './answers-within.js';
import { startChild, type Child } from './child.js';
import type { Home } from './home.js';
import { locateWorker } from './locate-worker.js';
import { lostAttempt, withLoss } from './lost-attempt.js';
import { LOAD_MS, OrderClock } from './order-clock.js';
import type { Asked } from './tell-running.js';
import type { WorkerEvents } from './worker-events.js';
import { WorkerOutput } from './worker-output.js';

// Time after a test's limit in which its worker must answer; after that it is considered stuck.
const ANSWER_MS = 1000;
// The inspector needs a tenth of a second, more where the machine is busy.
const LOCATE_MS = 1500;
// Total time for hooks and fixtures of an interrupted run, ms.
const STOP_MS = 5000;

/** A worker as seen by main: loads files, runs orders, and is watched meanwhile. */
export class WorkerProcess {
  readonly init: WorkerInit;
  readonly child: Child;
  readonly home: Home | undefined;
  readonly #channel: Channel<FromWorker, ToWorker>;
  /** Event sink; replaced for every run order. */
  events: WorkerEvents;
  readonly #ready: Promise<unknown>;
  readonly #output: WorkerOutput;
  #test: { testId: string; retry: number; startMs: number; begunMs: number; timeoutMs: number } | undefined;
  #ended: Promise<void> = Promise.resolve();
  #watchdog: NodeJS.Timeout | undefined;
  readonly #clock: OrderClock;
  #hung:
    | ({ readonly status: 'timedOut' | 'interrupted'; readonly message: string } & Pick<
        SerializedError,
        'hint' | 'location'
      >)
    | undefined;
  // True while inspected: Node's own messages are not test output.
  #isInspected = false;
  #lastWords: SerializedError | undefined;
  #abortedMs: number | undefined;
  #loading = 0;
  #finished: Promise<void> | undefined;

  /** With a `home` it runs in that namespace; `child` is its process if it has started already. */
  constructor(
    init: WorkerInit,
    events: WorkerEvents,
    home: Home | undefined,
    child: Child = startChild('worker/main', init.runId, home?.enter),
  ) {
    this.init = init;
    this.events = events;
    this.home = home;
    this.child = child;
    this.#output = new WorkerOutput(child, init, {
      text: (stream, text) => this.#isInspected || this.events.output(stream, text, this.#test),
      error: (error) => this.events.error(error),
    });
    const { projects, testTimeoutMs } = init.config.runner;
    const budgets = [testTimeoutMs, ...projects.map((project) => project.testTimeoutMs)];
    this.#clock = new OrderClock(budgets.includes(0) ? 0 : Math.max(...budgets), (message) => {
      this.#hung ??= { status: 'interrupted', message: `Worker ${init.workerIndex} was killed: ${message}` };
      this.kill();
    });
    this.#channel = new Channel<FromWorker, ToWorker>(this.child.process, `worker ${init.workerIndex}`, {
      imported: () => this.#clock.between(),
      slotCall: (call, signal) => this.events.slotCall(call, signal),
      testBegin: ({ testId, retry, timeMs, timeoutMs }) => {
        this.#test = { testId, retry, startMs: timeMs, begunMs: monotonicMs(), timeoutMs };
        this.#clock.stop();
        this.#watch();
        this.events.testBegin(testId, retry, timeMs);
      },
      timeoutChange: ({ timeoutMs }) => {
        if (this.#test) this.#test.timeoutMs = timeoutMs;
        this.#watch();
      },
      testEnd: ({ attempt, expectedStatus, retriable, leaks, marks }) => {
        this.#test = undefined;
        clearTimeout(this.#watchdog);
        this.#clock.between();
        this.#ended = this.#ended.then(async () =>
          this.events.testEnd(await this.#output.addTo(attempt, marks), expectedStatus, retriable, leaks),
        );
      },
      testSkip: ({ testId, reason }) => this.events.testSkip(testId, reason),
      testMissing: ({ testId, error }) => this.events.testMissing(testId, error),
      fault: ({ testId, retry, name, timeMs, active }) => this.events.fault(testId, retry, name, timeMs, active),
      error: ({ error }) => this.events.error(error),
      exit: ({ error }) => void (this.#lastWords = error),
      eventLoop: (reading) => this.events.eventLoop(reading),
    });
    this.#ready = this.#channel.request('init', init);
    this.#ready.catch(() => {});
    void this.child.exited.then(({ failure }) =>
      this.#channel.close(failure ?? new Error('worker process exited unexpectedly')),
    );
  }

  /**
   * Executes a file for its declarations. A hanging import becomes an error of that file, and ends this worker. Rejects
   * if the system could not start a process.
   */
  async load(file: string, withDependencies: boolean): Promise<LoadedFile> {
    const failed = (error: SerializedError): LoadedFile => ({
      file,
      tests: [],
      slotFixtures: {},
      dependencies: [],
      errors: [{ ...error, location: error.location ?? { file, line: 1, column: 1 } }],
    });
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
    this.#clock.importing();
    try {
      await this.#ready;
      this.#output.outputDir = order.outputDir;
      const { tainted } = await this.#channel.request('run', order);
      await this.#ended;
      return { tainted, lost: undefined };
    } catch (error) {
      // The worker runs but could not execute the order.
      const refused = this.#channel.closed || !(error instanceof Error) ? undefined : error.message;
      if (refused !== undefined) this.kill();
      const exit = await this.child.exited;
      if (exit.failure) throw exit.failure;
      await this.#ended;
      const lost =
        this.#hung?.message ??
        refused ??
        `worker process exited unexpectedly (code=${exit.code}, signal=${exit.signal})`;
      const attempt = await this.#loseTest(lost);
      return { tainted: undefined, lost, ...(attempt && { attempt }) };
    } finally {
      clearTimeout(this.#watchdog);
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
    const test = this.#test;
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
  async trace(order: RunOrder, limitMs: number): Promise<Omit<ToWorker['requests']['trace'][1], 'marks'>> {
    const { events } = this;
    const nothing = (): void => {};
    this.events = { ...events, output: nothing, fault: nothing, error: nothing };
    const timer = setTimeout(() => this.kill(), limitMs);
    try {
      const { marks, ...traced } = await this.#channel.request('trace', order);
      await this.#output.skip(marks);
      return traced;
    } finally {
      clearTimeout(timer);
      this.events = events;
    }
  }

  /** Ends the running test as interrupted. */
  abort(reason: string): void {
    this.#abortedMs = monotonicMs();
    this.#channel.notify('abort', { reason });
    // A loop cannot hear this, so it gets only the time of any ending test.
    if (this.#test)
      void this.#ask({
        status: 'interrupted',
        message: `Test was interrupted: ${reason}. Its event loop did not turn for ${ANSWER_MS} ms after that: a synchronous or microtask loop?`,
      });
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
    if (this.#loading > 0) this.kill();
    else if (this.child.alive()) {
      const stopping = this.#channel.request('stop', null).then(
        () => true,
        () => true,
      );
      const startMs = monotonicMs();
      let ended = false;
      while (!ended) {
        ended = await Promise.race([stopping, sleep(ANSWER_MS, false, { ref: false })]);
        if (ended || ((await this.#answers()) && !(this.#abortedMs !== undefined && monotonicMs() - startMs > STOP_MS)))
          continue;
        const { said, location } = await locateWorker(this.child.pid, this.home, LOCATE_MS);
        this.events.error({
          message: `Worker ${this.init.workerIndex} was killed: its afterAll hooks and worker fixtures did not come to their end${said ? `: ${said.message}` : ''}`,
          ...(said && { hint: said.hint }),
          ...(location && { location }),
        });
        break;
      }
      this.kill();
    }
  }

  /** The same, and waits until the process is gone. */
  async stop(): Promise<void> {
    await this.finish();
    await this.child.exited;
    this.#output.discard();
  }

  kill(): void {
    this.child.process.kill('SIGKILL');
  }

  // A blocked event loop cannot time itself out: after the test's limit, the worker must answer or be killed.
  #watch(): void {
    clearTimeout(this.#watchdog);
    const test = this.#test;
    if (!test || test.timeoutMs === 0) return;
    const left = test.begunMs + test.timeoutMs + 250 - monotonicMs();
    this.#watchdog = setTimeout(() => void this.#ask(), Math.min(Math.max(left, ANSWER_MS), 2 ** 31 - 1));
  }

  async #ask(interrupted?: { readonly status: 'interrupted'; readonly message: string }): Promise<void> {
    if (await this.#answers()) return this.#watch();
    this.#isInspected = true;
    const { location, said } = await locateWorker(this.child.pid, this.home, LOCATE_MS);
    const late = said?.message ?? `Test timeout of ${this.#test?.timeoutMs ?? 0}ms exceeded.`;
    const hung = interrupted ?? {
      status: 'timedOut' as const,
      message: `${late} Its event loop did not turn for ${ANSWER_MS} ms after that: a synchronous or microtask loop that never ends?`,
    };
    this.#hung ??= { ...hung, ...(said && { hint: said.hint }), ...(location && { location }) };
    this.kill();
  }

  #answers(): Promise<boolean> {
    return answersWithin(ANSWER_MS, () => this.#channel.request('ping', null));
  }

  // The test that killed its worker gets its result here.
  async #loseTest(reason: string): Promise<Attempt | undefined> {
    const test = this.#test;
    if (!test) return undefined;
    this.#test = undefined;
    await this.#output.drained();
    const attempt = lostAttempt(
      { ...test, status: this.#hung?.status ?? 'failed', durationMs: monotonicMs() - test.begunMs },
      this.init,
    );
    const all = await this.#output.addTo(attempt, { stdout: false, stderr: false });
    return withLoss(all, {
      reason,
      hung: this.#hung,
      lastWords: this.#lastWords,
      isInspected: this.#isInspected,
    });
  }
}
