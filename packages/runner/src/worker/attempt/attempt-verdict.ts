import { isChaosError, type Annotation, type SerializedError } from '@chaos/spec';
import { AbortTest, Inconclusive, SkipTest } from '../../info/outcome-errors.js';
import { isA } from '../../data/is-a.js';
import { serializeError } from '../../data/serialize-error.js';
import { isFinal } from '../../retry/is-retriable.js';
import { PhaseTimeout } from '../time/clock.js';
import { Interrupted } from './interrupted.js';

/** Fields of a test's info that a verdict writes; the test reads and writes them, too. */
export interface Judged {
  status: 'passed' | 'failed' | 'timedOut' | 'skipped' | 'interrupted';
  expectedStatus: 'passed' | 'failed' | 'skipped';
  readonly errors: SerializedError[];
  readonly annotations: Annotation[];
}

/** Combines the errors of an attempt, in order. The first failure decides the status. */
export class AttemptVerdict {
  readonly #info: Judged;
  readonly #isRetriable: (error: unknown) => boolean;
  readonly #onFailure: (error: SerializedError) => void;
  #failed = false;
  #failure: 'failed' | 'timedOut' | 'interrupted' = 'failed';
  #first: unknown;
  #retriable = true;
  #inconclusive: string | undefined;
  readonly #seen = new WeakSet<object>();

  /** `isRetriable` applies the test's own rule to its first failure; `onFailure` is told each failure at once. */
  constructor(
    info: Judged,
    isRetriable: (error: unknown) => boolean,
    onFailure: (error: SerializedError) => void = () => {},
  ) {
    this.#info = info;
    this.#isRetriable = isRetriable;
    this.#onFailure = onFailure;
  }

  get failed(): boolean {
    return this.#failed;
  }

  /**
   * The status for reports, from the one that the test's code left in its info: that code may call a failure by another
   * name, but not take it back. Only a retry that passes does that.
   */
  statusOf(written: Judged['status']): Judged['status'] {
    return this.#failed && (written === 'passed' || written === 'skipped') ? this.#failure : written;
  }

  /** The error that failed the attempt, if it failed. */
  get first(): unknown {
    return this.#first;
  }

  /** False if another try would give the same result. */
  get retriable(): boolean {
    return this.#retriable;
  }

  /** Reason why the attempt is inconclusive, if so. */
  get inconclusive(): string | undefined {
    return this.#inconclusive;
  }

  /** True if it is a failure that was not known yet. */
  take(error: unknown): boolean {
    // An uncaught error may arrive in two ways, and that of a set-up each time that its fixture is named.
    if (typeof error === 'object' && error !== null) {
      if (this.#failed && this.#seen.has(error)) return false;
      this.#seen.add(error);
    }
    if (isA(error, SkipTest)) {
      if (!this.#failed) this.#info.status = 'skipped';
      return false;
    }
    if (this.#saysNothing(error)) return false;
    this.#fail(error);
    return true;
  }

  // The machine, or the moment, made the test inconclusive.
  #saysNothing(error: unknown): boolean {
    const { errors } = this.#info;
    // A fault lapsed for a while: a pass or a failure proves nothing then, but wrong data stay wrong.
    const lapsed = isChaosError(error, 'FAULT_LAPSED') && !errors.some(({ invariant }) => invariant === true);
    const unproven = isA(error, Inconclusive) || isChaosError(error, 'FAULT_UNVERIFIED');
    if ((unproven && !this.#failed) || lapsed) {
      this.#inconclusive = isA(error, Inconclusive) ? error.reason : (error as Error).message;
      this.#skip('inconclusive', this.#inconclusive);
      this.#failed = false;
      return true;
    }
    if (!isChaosError(error, 'CAPABILITY_MISSING') || this.#failed) return false;
    this.#skip('requires', error.hint === undefined ? error.message : `${error.message} (${error.hint})`);
    return true;
  }

  #skip(type: string, description: string): void {
    this.#info.status = 'skipped';
    this.#info.expectedStatus = 'skipped';
    this.#info.annotations.push({ type, description });
  }

  #fail(error: unknown): void {
    const info = this.#info;
    if (!this.#failed) this.#first = error;
    if (!this.#failed) {
      this.#failure = isA(error, PhaseTimeout) ? 'timedOut' : isA(error, Interrupted) ? 'interrupted' : 'failed';
      info.status = this.#failure;
    }
    const data = serializeError(error);
    info.errors.push(data);
    if (isFinal(data) || isA(error, AbortTest)) this.#retriable = false;
    else if (!this.#failed) this.#retriable = this.#isRetriable(error);
    this.#failed = true;
    this.#onFailure(data);
  }
}
