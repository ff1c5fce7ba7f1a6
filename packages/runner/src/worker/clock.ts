import { setMaxListeners } from 'node:events';
import type { Attempt } from '@chaos/spec';
import { monotonicMs, startTimer, stopTimer } from '../real-time.js';

/** A budget that several phases may share; `Infinity` = none. */
export interface TimeSlot {
  budgetMs: number;
  elapsedMs: number;
}

/** A phase ran out of its budget. */
export class PhaseTimeout extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'TimeoutError';
    this.stack = `TimeoutError: ${message}`;
  }
}

/** A part of a test's life that has a name and a budget. */
export interface Phase {
  readonly name: string;
  readonly slot: TimeSlot;
  /** What to say when the budget is used up. */
  readonly onTimeout: (budgetMs: number) => string;
}

/** A new budget; 0 means none, as in Playwright. */
export function timeSlot(budgetMs: number): TimeSlot {
  return { budgetMs: budgetMs === 0 ? Infinity : budgetMs, elapsedMs: 0 };
}

/** Runs the phases of one test, one at a time, each under its budget, and remembers who ate the time. */
export class Clock {
  readonly #durations = new Map<string, number>();
  readonly #unsettled = new Set<Promise<unknown>>();
  #controller: AbortController | undefined;
  #aborted: { readonly reason: unknown } | undefined;
  #interrupt: ((error: unknown) => void) | undefined;
  #rearm: (() => void) | undefined;
  #stopped: unknown;
  #current: { readonly name: string; readonly start: number; readonly slot: TimeSlot } | undefined;

  /** For the body and all that comes before; after {@link beginTeardown} a fresh one. */
  get signal(): AbortSignal {
    if (this.#controller) return this.#controller.signal;
    // Most tests never ask: it is made for the first that does.
    this.#controller = createController();
    if (this.#aborted) this.#controller.abort(this.#aborted.reason);
    return this.#controller.signal;
  }

  /** The phase under way, if one is. */
  get current(): { readonly name: string; readonly forMs: number } | undefined {
    return this.#current && { name: this.#current.name, forMs: monotonicMs() - this.#current.start };
  }

  get phases(): Attempt['phases'] {
    return [...this.#durations].map(([name, durationMs]) => ({ name, durationMs: Math.round(durationMs * 1000) / 1000 }));
  }

  /** Teardown gets a signal that is not aborted, whatever happened before. */
  beginTeardown(): void {
    this.#controller = undefined;
    this.#aborted = undefined;
    this.#stopped = undefined;
  }

  /** Ends the running phase with this error (an uncaught exception, the end of the run), else the next. False when no phase took it. */
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

  /** Changes the budget of the phase under way, else of `otherwise`; returns whose it was. */
  setBudget(budgetMs: number, otherwise: TimeSlot): TimeSlot {
    const slot = this.#current?.slot ?? otherwise;
    slot.budgetMs = budgetMs === 0 ? Infinity : budgetMs;
    this.#rearm?.();
    return slot;
  }

  async run<T>(phase: Phase, body: () => T | Promise<T>): Promise<T> {
    if (this.#stopped !== undefined) return Promise.reject(this.#stopped);
    const start = monotonicMs();
    this.#current = { name: phase.name, start, slot: phase.slot };
    let timer: NodeJS.Timeout | undefined;
    const running = (async () => body())();
    const ended = new Promise<never>((_, reject) => {
      const expire = (): void => {
        const error = new PhaseTimeout(phase.onTimeout(phase.slot.budgetMs));
        this.#abort(error);
        reject(error);
      };
      this.#interrupt = reject;
      this.#rearm = () => {
        stopTimer(timer);
        const leftMs = phase.slot.budgetMs - phase.slot.elapsedMs - (monotonicMs() - start);
        if (Number.isFinite(leftMs)) timer = startTimer(expire, leftMs);
      };
      this.#rearm();
    });
    this.#unsettled.add(running);
    const settled = (): void => void this.#unsettled.delete(running);
    running.then(settled, settled);
    try {
      return await Promise.race([running, ended]);
    } finally {
      stopTimer(timer);
      this.#interrupt = undefined;
      this.#rearm = undefined;
      this.#current = undefined;
      const durationMs = monotonicMs() - start;
      phase.slot.elapsedMs += durationMs;
      this.#durations.set(phase.name, (this.#durations.get(phase.name) ?? 0) + durationMs);
    }
  }

  /** False when something that was given up is still running after `graceMs`: this process cannot be trusted any more. */
  async settle(graceMs: number): Promise<boolean> {
    if (this.#unsettled.size === 0) return true;
    let timer: NodeJS.Timeout | undefined;
    const grace = new Promise<void>((resolve) => (timer = startTimer(resolve, graceMs)));
    await Promise.race([Promise.allSettled(this.#unsettled), grace]);
    stopTimer(timer);
    return this.#unsettled.size === 0;
  }
}

// A test waits for many things at once, and all of them listen.
function createController(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}
