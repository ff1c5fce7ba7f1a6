import type { SerializedError } from '@chaos/spec';
import { monotonicMs } from '../real-time.js';
import { answersWithin } from './answers-within.js';
import { locateWorker, type Blocked } from './locate-worker.js';
import type { Hang } from './look-for-loop.js';

/** Time after a test's limit in which its worker must answer, ms; after that it is considered stuck. */
export const ANSWER_MS = 1000;
// The inspector needs a tenth of a second, more where the machine is busy.
const LOCATE_MS = 1500;

// Its own clock ends a test on time, unless the test has broken what that needs.
const MOST_OVERDUE_MS = 5000;

/** The test that a worker runs, as main knows it. */
export interface WatchedTest {
  readonly testId: string;
  readonly retry: number;
  readonly startMs: number;
  /** Of {@link monotonicMs}. */
  readonly begunMs: number;
  /** 0 = no limit. */
  timeoutMs: number;
}

/** A worker that was killed because it did not answer. */
export interface Hung extends Pick<SerializedError, 'hint' | 'location'> {
  readonly status: 'timedOut' | 'interrupted';
  readonly message: string;
}

/** The worker process, as seen by its watch. */
export interface WatchedWorker extends Blocked {
  /** Resolves when the worker's event loop has turned, with the milliseconds by which its test is late. */
  ping(): Promise<number>;
  kill(): void;
}

/**
 * Watches the running test of a worker from main. A blocked event loop cannot time itself out: after the test's limit,
 * the worker must answer or is killed.
 */
export class HangWatch {
  readonly #worker: WatchedWorker;
  #test: WatchedTest | undefined;
  #timer: NodeJS.Timeout | undefined;
  #hung: Hung | undefined;

  constructor(worker: WatchedWorker) {
    this.#worker = worker;
  }

  /** The running test, if any. */
  get test(): WatchedTest | undefined {
    return this.#test;
  }

  /** Reason why the worker was killed, if it hung. */
  get hung(): Hung | undefined {
    return this.#hung;
  }

  begin(test: WatchedTest): void {
    this.#test = test;
    this.#watch();
  }

  setTimeoutMs(timeoutMs: number): void {
    if (this.#test) this.#test.timeoutMs = timeoutMs;
    this.#watch();
  }

  /** Ends the watch, and returns the test that was running. */
  end(): WatchedTest | undefined {
    const test = this.#test;
    this.#test = undefined;
    this.stop();
    return test;
  }

  /** Ends the watch, whatever runs. */
  stop(): void {
    clearTimeout(this.#timer);
  }

  /** Kills the worker for this reason; only the first one counts. */
  kill(hung: Hung): void {
    this.#hung ??= hung;
    this.#worker.kill();
  }

  /** A test that was told to end has no more time than any ending test, because a loop cannot hear this. */
  interrupt(reason: string): void {
    if (!this.#test) return;
    void this.#ask({
      status: 'interrupted',
      message: `Test was interrupted: ${reason}. Its event loop did not turn for ${ANSWER_MS} ms after that: a synchronous or microtask loop?`,
    });
  }

  /** True if the worker's event loop turns. */
  answers(): Promise<boolean> {
    return answersWithin(ANSWER_MS, () => this.#worker.ping());
  }

  /** Finds the position where the worker hangs. */
  locate(): Promise<Hang> {
    return locateWorker(this.#worker, LOCATE_MS);
  }

  #watch(): void {
    clearTimeout(this.#timer);
    const test = this.#test;
    if (!test || test.timeoutMs === 0) return;
    const left = test.begunMs + test.timeoutMs + 250 - monotonicMs();
    this.#timer = setTimeout(() => void this.#ask(), Math.min(Math.max(left, ANSWER_MS), 2 ** 31 - 1));
  }

  async #ask(interrupted?: Hung): Promise<void> {
    let overdueMs = 0;
    const answers = await answersWithin(ANSWER_MS, async () => {
      overdueMs = await this.#worker.ping();
    });
    if (answers && overdueMs > MOST_OVERDUE_MS) return this.kill(notEnded(this.#test, overdueMs));
    if (answers) return this.#watch();
    const { location, said } = await this.locate();
    const late = said?.message ?? `Test timeout of ${this.#test?.timeoutMs ?? 0}ms exceeded.`;
    const hung = interrupted ?? {
      status: 'timedOut',
      message: `${late} Its event loop did not turn for ${ANSWER_MS} ms after that: a synchronous or microtask loop that never ends?`,
    };
    this.kill({ ...hung, ...(said && { hint: said.hint }), ...(location && { location }) });
  }
}

function notEnded(test: WatchedTest | undefined, overdueMs: number): Hung {
  return {
    status: 'timedOut',
    message:
      `Test timeout of ${test?.timeoutMs ?? 0}ms exceeded. Its process did not end it for ${Math.round(overdueMs)} ms ` +
      'after that: did the test replace functions of JavaScript, such as Promise.prototype.then?',
  };
}
