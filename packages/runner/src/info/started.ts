import { ChaosError, type Location } from '@chaos/spec';
import { frameOf } from '../frame-of.js';
import {
  inContext,
  testContext,
  type Registry,
  type Started,
  type StartedIn,
  type TestContext,
} from './test-context.js';
import { beginWait, endWait, placeOf } from './waits.js';

/** A test ended, and something that it had started had not. Code `NOT_AWAITED`. */
export class NotAwaited extends ChaosError {
  constructor(what: string, location: Location | undefined) {
    super('NOT_AWAITED', `${what} was not awaited: it had not ended when the test ended`, {
      hint: 'Write `await` before it, or keep its promise and await that before the test ends.',
    });
    this.name = 'NotAwaited';
    this.stack = `${this.name}: ${this.message}${location ? `\n${frameOf(location)}` : ''}`;
  }
}

const owners = new WeakMap<Promise<unknown>, { readonly list: StartedList; readonly started: Started }>();

/** Everything asynchronous that one test starts through us. */
export class StartedList implements Registry {
  readonly #file: string;
  readonly #open = new Set<Started>();
  readonly #rejected = new Map<Promise<unknown>, unknown>();
  #isOver = false;

  constructor(file: string) {
    this.#file = file;
  }

  /** True once the test has its result: what fails now can change it no more. */
  get isOver(): boolean {
    return this.#isOver;
  }

  end(): void {
    this.#isOver = true;
  }

  begin(what: string, below: (...args: never[]) => unknown, context: TestContext, quiet: boolean): Started {
    const { in: part, within } = context;
    const started: Started = {
      wait: beginWait(what, below, quiet),
      in: part,
      within,
      settled: false,
      isTold: false,
    };
    this.#open.add(started);
    return started;
  }

  /**
   * It ends with this promise. Gives the one that the test gets: nobody but the test handles that, so that a rejection
   * which the test leaves alone is seen.
   */
  follow<T>(started: Started, promise: Promise<T>): Promise<T> {
    const given = promise.then(
      (value) => (this.#settle(started), value),
      (error: unknown) => {
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

  /** What was started there and has not ended. What is a part of it is told with it. */
  unsettled(part: StartedIn): readonly Started[] {
    return [...this.#open].filter((each) => each.in === part && (!each.within || each.within.settled));
  }

  /** An error for each of those. How they end then is no news any more. */
  notAwaited(part: StartedIn): readonly NotAwaited[] {
    for (const each of this.#open) if (each.in === part) each.isTold = true;
    return this.unsettled(part).map(({ wait }) => new NotAwaited(wait.what, placeOf(wait, this.#file)));
  }

  /** The promises of all that has not ended. */
  get promises(): readonly Promise<unknown>[] {
    return [...this.#open].flatMap(({ promise, in: part }) => (promise && part !== 'suite' ? [promise] : []));
  }

  /** Nobody has handled its rejection yet; who awaits it later still may. */
  reject(promise: Promise<unknown>, reason: unknown): void {
    this.#rejected.set(promise, reason);
  }

  handle(promise: Promise<unknown>): void {
    this.#rejected.delete(promise);
  }

  /** What was rejected and is nobody's to handle any more; told once. */
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

/** What ends with this promise, and the list that it stands in. */
export function startedAs(
  promise: Promise<unknown>,
): { readonly list: StartedList; readonly started: Started } | undefined {
  return owners.get(promise);
}

/**
 * Starts something for the test that this code belongs to: where it has not ended when the test ends, the test fails
 * at the line of this call. `what` is for people, `load.closed()`; a quiet one is not named where a test hangs, because
 * something else names it. Where the action gives no promise, nothing was started.
 */
export function started<T>(what: string, action: () => T, quiet = false): T {
  const context = testContext();
  if (!context || context.started.isOver) return action();
  const entry = context.started.begin(what, started, context, quiet);
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
