import { isChaosError, type Annotation, type SerializedError } from '@chaos/spec';
import { AbortTest, Inconclusive, SkipTest } from '../info/outcome-errors.js';
import { isA } from '../is-a.js';
import { serializeError } from '../serialize-error.js';
import { PhaseTimeout } from './clock.js';
import { Interrupted } from './interrupted.js';

/** Fields of a test's info that a verdict writes; the test reads and writes them, too. */
export interface Judged {
  status: 'passed' | 'failed' | 'timedOut' | 'skipped' | 'interrupted';
  expectedStatus: 'passed' | 'failed' | 'skipped';
  readonly errors: SerializedError[];
  readonly annotations: Annotation[];
}

// A test that misuses an API would do so again.
const FINAL_CODES: ReadonlySet<string | undefined> = new Set(['USAGE', 'NOT_AWAITED']);

/** Combines the errors of an attempt, in order. The first failure decides the status. */
export class AttemptVerdict {
  readonly #info: Judged;
  readonly #isRetried: (error: unknown) => boolean;
  #failed = false;
  #retriable = true;
  #inconclusive: string | undefined;
  #last: unknown;

  /** `isRetried` applies the test's own rule to its first failure. */
  constructor(info: Judged, isRetried: (error: unknown) => boolean) {
    this.#info = info;
    this.#isRetried = isRetried;
  }

  get failed(): boolean {
    return this.#failed;
  }

  /** False if another try would give the same result. */
  get retriable(): boolean {
    return this.#retriable;
  }

  /** Reason why the attempt is inconclusive, if so. */
  get inconclusive(): string | undefined {
    return this.#inconclusive;
  }

  take(error: unknown): void {
    // An uncaught error may arrive in two ways.
    if (this.#failed && typeof error === 'object' && error === this.#last) return;
    this.#last = error;
    if (isA(error, SkipTest)) {
      if (!this.#failed) this.#info.status = 'skipped';
    } else if (!this.#saysNothing(error)) this.#fail(error);
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
    if (!this.#failed)
      info.status = isA(error, PhaseTimeout) ? 'timedOut' : isA(error, Interrupted) ? 'interrupted' : 'failed';
    const data = serializeError(error);
    info.errors.push(data);
    if (data.invariant === true || FINAL_CODES.has(data.code) || isA(error, AbortTest)) this.#retriable = false;
    else if (!this.#failed) this.#retriable = this.#isRetried(error);
    this.#failed = true;
  }
}
