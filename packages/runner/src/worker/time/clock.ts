import { setMaxListeners } from 'node:events';
import type { Attempt, Location } from '@chaos/spec';
import { frameOf } from '../../data/frame-of.js';
import { whenSettled, firstOf, rejected, settledOf } from '../../data/real-promises.js';
import { monotonicMs, startTimer, stopTimer } from '../../real-time.js';

/** A budget that several phases may share, ms; `Infinity` = none. */
export interface TimeBudget {
  budgetMs: number;
  elapsedMs: number;
}

/** A phase exceeded its budget. */
export class PhaseTimeout extends Error {
  readonly hint: string | undefined;

  constructor(message: string, { hint, location }: Explanation = {}) {
    super(message);
    // Its message says it all, as in Playwright Test.
    this.name = '';
    this.hint = hint;
    this.stack = `${message}${location ? `\n${frameOf(location)}` : ''}`;
  }
}

/** Explanation of where the time went, and the position to look at. */
interface Explanation {
  readonly hint?: string;
  readonly location?: Location;
}

/** A named part of a test's life, with a budget. */
export interface Phase {
  readonly name: string;
  readonly budget: TimeBudget;
  /** Message for a used-up budget. */
  readonly onTimeout: (budgetMs: number) => string;
  /** The hook or fixture that runs in this phase. */
  readonly of?: { readonly title: string; readonly location: Location };
}

// The most that may lie between two phases of a test: looking for leaks, asking for logs.
const IDLE_MS = 30_000;

/** A new budget, ms; 0 means none, as in Playwright. */
export function timeBudget(budgetMs: number): TimeBudget {
  return { budgetMs: budgetMs === 0 ? Infinity : budgetMs, elapsedMs: 0 };
}

/** Runs the phases of one test, one at a time, each under its budget, and remembers how long each took. */
export class Clock {
  static #underWay: Clock | undefined;
  static #idleSinceMs = monotonicMs();
  readonly #explain: ((clock: Clock) => Explanation) | undefined;
  readonly #ended: { readonly phase: Phase; readonly durationMs: number }[] = [];
  readonly #unsettled = new Set<Promise<unknown>>();
  #controller: AbortController | undefined;
  #ofBody: AbortController | undefined;
  #tearingDown = false;
  #aborted: { readonly reason: unknown } | undefined;
  #interrupt: ((error: unknown) => void) | undefined;
  #rearm: (() => void) | undefined;
  #stopped: unknown;
  #current: { readonly phase: Phase; readonly start: number } | undefined;

  /** `explain` is called when a phase has exceeded its budget, before anything is aborted. */
  constructor(explain?: (clock: Clock) => Explanation) {
    this.#explain = explain;
    Clock.#idleSinceMs = monotonicMs();
  }

  /** The clock that is running a phase in this process, if any. */
  static get underWay(): Clock | undefined {
    return Clock.#underWay;
  }

  /**
   * Milliseconds by which the current phase of this process is too late: it did not end though its time is up, or no
   * phase began for long after the last one. Not positive where all is well.
   */
  static get overdueMs(): number {
    const now = monotonicMs();
    const current = Clock.#underWay === undefined ? undefined : Clock.#underWay.#current;
    if (!current) return now - Clock.#idleSinceMs - IDLE_MS;
    const { budgetMs, elapsedMs } = current.phase.budget;
    return elapsedMs + now - current.start - budgetMs;
  }

  /**
   * Signal for the body and everything before it; after {@link beginTeardown} a fresh one, and another after each late
   * phase.
   */
  get signal(): AbortSignal {
    if (this.#controller) return this.#controller.signal;
    // Created on first use, because most tests never ask.
    this.#controller = createController();
    if (this.#aborted) this.#controller.abort(this.#aborted.reason);
    return this.#controller.signal;
  }

  /** The current phase, if any. */
  get current(): { readonly name: string; readonly forMs: number; readonly location?: Location } | undefined {
    if (!this.#current) return undefined;
    const { phase, start } = this.#current;
    return { name: fullName(phase), forMs: monotonicMs() - start, ...(phase.of && { location: phase.of.location }) };
  }

  /** Message to give if the budget of the current phase were used up now. */
  get timeoutMessage(): string | undefined {
    return this.#current?.phase.onTimeout(this.#current.phase.budget.budgetMs);
  }

  /** All phases so far by full name, including the current one. */
  get spent(): Attempt['phases'] {
    const now = this.current;
    return [
      ...this.#ended.map(({ phase, durationMs }) => ({ name: fullName(phase), durationMs })),
      ...(now ? [{ name: now.name, durationMs: now.forMs }] : []),
    ];
  }

  get phases(): Attempt['phases'] {
    const byName = new Map<string, number>();
    for (const { phase, durationMs } of this.#ended) byName.set(phase.name, (byName.get(phase.name) ?? 0) + durationMs);
    return [...byName].map(([name, durationMs]) => ({ name, durationMs: Math.round(durationMs * 1000) / 1000 }));
  }

  /** Starts teardown with a fresh signal, whatever happened before. */
  beginTeardown(): void {
    this.#ofBody = this.#controller;
    this.#tearingDown = true;
    this.#stopped = undefined;
    this.#renewSignal();
  }

  /** Aborts work that the body started and left behind, if it follows the signal. */
  abandon(reason: Error): void {
    this.#ofBody?.abort(reason);
  }

  #renewSignal(): void {
    this.#controller = undefined;
    this.#aborted = undefined;
  }

  /**
   * Ends the current phase with this error (an uncaught exception, the end of the run), else the next one. False if no
   * phase took it.
   */
  interrupt(error: unknown): boolean {
    const interrupt = this.#interrupt;
    this.#stopped = error;
    this.#abort(error);
    this.#interrupt = undefined;
    interrupt?.(error);
    return interrupt !== undefined;
  }

  #abort(error: unknown): void {
    this.#aborted ??= { reason: error };
    this.#controller?.abort(error);
  }

  /** Changes the budget of the current phase, else of `otherwise`; returns the owner of the budget. */
  setBudget(budgetMs: number, otherwise: TimeBudget): TimeBudget {
    const budget = this.#current?.phase.budget ?? otherwise;
    budget.budgetMs = budgetMs === 0 ? Infinity : budgetMs;
    this.#rearm?.();
    return budget;
  }

  async run<T>(phase: Phase, body: () => T | Promise<T>): Promise<T> {
    if (this.#stopped !== undefined) return await rejected(this.#stopped);
    if (this.#tearingDown && this.#aborted) this.#renewSignal();
    const start = monotonicMs();
    this.#current = { phase, start };
    Clock.#underWay = this;
    let timer: NodeJS.Timeout | undefined;
    // `return` without `await` would ask a promise for its `then`, which the test may have replaced.
    const running = (async () => await body())();
    const ended = new Promise<never>((_, reject) => {
      const expire = (): void => {
        stopTimer(timer);
        const error = new PhaseTimeout(phase.onTimeout(phase.budget.budgetMs), this.#explain?.(this));
        this.#abort(error);
        reject(error);
      };
      this.#interrupt = reject;
      this.#rearm = () => {
        stopTimer(timer);
        const leftMs = phase.budget.budgetMs - phase.budget.elapsedMs - (monotonicMs() - start);
        if (leftMs !== Infinity) timer = startTimer(expire, leftMs);
      };
      this.#rearm();
    });
    this.#unsettled.add(running);
    const settled = (): void => void this.#unsettled.delete(running);
    void whenSettled(running, settled, settled);
    try {
      return await firstOf([running, ended]);
    } finally {
      stopTimer(timer);
      this.#interrupt = undefined;
      this.#rearm = undefined;
      this.#current = undefined;
      Clock.#underWay = undefined;
      Clock.#idleSinceMs = monotonicMs();
      const durationMs = monotonicMs() - start;
      phase.budget.elapsedMs += durationMs;
      this.#ended.push({ phase, durationMs });
    }
  }

  /**
   * False if abandoned work, or one of `others`, still runs after `graceMs`: this process cannot be trusted any more.
   */
  async settle(graceMs: number, others: readonly Promise<unknown>[]): Promise<boolean> {
    for (const other of others) {
      const settled = (): void => void this.#unsettled.delete(other);
      this.#unsettled.add(other);
      void whenSettled(other, settled, settled);
    }
    if (this.#unsettled.size === 0) return true;
    let timer: NodeJS.Timeout | undefined;
    const grace = new Promise<void>((resolve) => (timer = startTimer(resolve, graceMs)));
    await firstOf([settledOf(this.#unsettled), grace]);
    stopTimer(timer);
    return this.#unsettled.size === 0;
  }
}

// A hook may have its own title.
function fullName({ name, of }: Phase): string {
  return of && !name.endsWith(of.title) && !of.title.startsWith(name) ? `${name} "${of.title}"` : name;
}

// A test waits for many things at once, and each adds a listener.
function createController(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}
