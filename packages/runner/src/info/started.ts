import { ChaosError, type Location } from '@chaos/spec';
import { frameOf } from '../data/frame-of.js';
import { whenSettled } from '../data/real-promises.js';
import { nextTurn } from '../real-time.js';
import {
  inContext,
  testContext,
  type Registry,
  type Started,
  type StartedIn,
  type TestContext,
} from './test-context.js';
import { beginWait, endWait, placeOf, type WaitOptions } from './waits.js';

const OF_TEST = { when: 'the test ended', last: 'the test ends' };
const ENDS: Readonly<Record<StartedIn, { readonly when: string; readonly last: string }>> = {
  test: OF_TEST,
  fixture: OF_TEST,
  suite: { when: 'its last hook ended', last: 'the last afterAll hook ends' },
  worker: { when: 'the worker fixtures were torn down', last: 'its fixture has been torn down' },
};

/**
 * A test, a suite with its hooks, or a worker with its fixtures ended before something that it had started. Code
 * `NOT_AWAITED`.
 */
export class NotAwaited extends ChaosError {
  constructor(what: string, location: Location | undefined, part: StartedIn = 'test') {
    const { when, last } = ENDS[part];
    super('NOT_AWAITED', `${what} was not awaited: it had not ended when ${when}`, {
      hint: `Write \`await\` before it, or keep its promise and await that before ${last}.`,
    });
    this.name = 'NotAwaited';
    this.stack = `${this.name}: ${this.message}${location ? `\n${frameOf(location)}` : ''}`;
  }
}

const owners = new WeakMap<Promise<unknown>, { readonly list: StartedList; readonly started: Started }>();

/** All asynchronous work that one test starts through us. */
export class StartedList implements Registry {
  readonly #open = new Set<Started>();
  readonly #rejected = new Map<Promise<unknown>, unknown>();
  #isOver = false;
  #hasStarted = false;

  /** True once the test has its result: later failures cannot change it. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** True once anything was started. */
  get hasStarted(): boolean {
    return this.#hasStarted;
  }

  end(): void {
    this.#isOver = true;
  }

  begin(what: string, below: (...args: never[]) => unknown, context: TestContext, options: WaitOptions): Started {
    const { in: part, within } = context;
    const started: Started = {
      wait: beginWait(what, below, options),
      file: context.info.file,
      in: part,
      within,
      settled: false,
      isTold: false,
    };
    this.#open.add(started);
    this.#hasStarted = true;
    return started;
  }

  /**
   * Registers work that ends with this promise. Returns the promise for the test: only the test handles that one, so we
   * see a rejection that the test ignores.
   */
  follow<T>(started: Started, promise: Promise<T>): Promise<T> {
    const given = whenSettled(
      promise,
      (value) => (this.#settle(started), value),
      (error): never => {
        this.#settle(started);
        throw error;
      },
    );
    started.promise = given;
    owners.set(given, { list: this, started });
    return given;
  }

  discard(started: Started): void {
    this.#settle(started);
  }

  /** Work started in this part that has not ended, without work that is part of other open work. */
  unsettled(part: StartedIn): readonly Started[] {
    return [...this.#open].filter((each) => each.in === part && (!each.within || each.within.settled));
  }

  /** An error for each of these. Their later results are ignored. */
  notAwaited(part: StartedIn): readonly NotAwaited[] {
    for (const each of this.#open) if (each.in === part) each.isTold = true;
    return this.unsettled(part).map(({ wait, file }) => new NotAwaited(wait.what, placeOf(wait, file), part));
  }

  /** The end of a part: tells `fail` what of it was not awaited, and what was rejected without a handler. */
  async close(part: StartedIn, fail: (error: unknown) => void): Promise<void> {
    // Unhandled rejections are reported at the end of the turn, and work that needs only this turn has ended in time.
    if (this.#hasStarted) await new Promise<void>(nextTurn);
    this.notAwaited(part).forEach(fail);
    this.takeRejected().forEach(fail);
  }

  /** The promises of all open work. */
  get promises(): readonly Promise<unknown>[] {
    return [...this.#open].flatMap(({ promise, in: part }) =>
      promise && part !== 'suite' && part !== 'worker' ? [promise] : [],
    );
  }

  /** Nobody has handled its rejection yet; a later await still may. */
  reject(promise: Promise<unknown>, reason: unknown): void {
    this.#rejected.set(promise, reason);
  }

  handle(promise: Promise<unknown>): void {
    this.#rejected.delete(promise);
  }

  /** Rejections that nobody can handle any more; each is returned once. */
  takeRejected(): readonly unknown[] {
    const reasons = [...this.#rejected.values()];
    this.#rejected.clear();
    return reasons;
  }

  #settle(started: Started): void {
    started.settled = true;
    this.#open.delete(started);
    endWait(started.wait);
  }
}

/** The work that ends with this promise, and its list. */
export function startedAs(
  promise: Promise<unknown>,
): { readonly list: StartedList; readonly started: Started } | undefined {
  return owners.get(promise);
}

/**
 * Starts work for the test that this code belongs to. If it has not ended when the test ends, the test fails at the
 * line of this call. `what` describes it for people, such as `load.closed()`; quiet work is not named when a test
 * hangs, because other work names it. If the action returns no promise, nothing was started.
 */
export function started<T>(what: string, action: () => T, options: WaitOptions = {}): T {
  const context = testContext();
  if (!context || context.started.isOver) return action();
  if (options.onlyAlone && context.within?.settled === false) return action();
  const entry = context.started.begin(what, started, context, options);
  let result: T;
  try {
    result = inContext({ ...context, within: entry }, action);
  } catch (error) {
    context.started.discard(entry);
    throw error;
  }
  if (result instanceof Promise) return context.started.follow(entry, result as Promise<unknown>) as T;
  context.started.discard(entry);
  return result;
}
