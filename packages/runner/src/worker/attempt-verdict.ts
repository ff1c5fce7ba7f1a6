import { isChaosError, type Annotation, type SerializedError } from '@chaos/spec';
import { AbortTest, Inconclusive, SkipTest } from '../info/outcome-errors.js';
import { isA } from '../is-a.js';
import { serializeError } from '../serialize-error.js';
import { PhaseTimeout } from './clock.js';
import { Interrupted } from './interrupted.js';

/** What of a test's info a verdict is written into; the test reads and writes it, too. */
export interface Judged {
  status: 'passed' | 'failed' | 'timedOut' | 'skipped' | 'interrupted';
  expectedStatus: 'passed' | 'failed' | 'skipped';
  readonly errors: SerializedError[];
  readonly annotations: Annotation[];
}

// A test that misuses what it is given does so again.
const FINAL_CODES: ReadonlySet<string | undefined> = new Set(['USAGE', 'NOT_AWAITED']);

/** What the errors of an attempt come to, one after the other. The first one that is a failure decides the status. */
export class AttemptVerdict {
  readonly #info: Judged;
  readonly #isRetried: (error: unknown) => boolean;
  #failed = false;
  #retriable = true;
  #inconclusive: string | undefined;
  #last: unknown;

  /** `isRetried` is what the test's own rule says to its first failure. */
  constructor(info: Judged, isRetried: (error: unknown) => boolean) {
    this.#info = info;
    this.#isRetried = isRetried;
  }

  get failed(): boolean {
    return this.#failed;
  }

  /** False where another try would say the same. */
  get retriable(): boolean {
    return this.#retriable;
  }

  /** Why the attempt says nothing, if it does not. */
  get inconclusive(): string | undefined {
    return this.#inconclusive;
  }

  take(error: unknown): void {
    // What nobody caught may come by two ways.
    if (this.#failed && typeof error === 'object' && error === this.#last) return;
    this.#last = error;
    if (isA(error, SkipTest)) {
      if (!this.#failed) this.#info.status = 'skipped';
    } else if (!this.#saysNothing(error)) this.#fail(error);
  }

  // The machine, or the moment, kept the test from saying anything.
  #saysNothing(error: unknown): boolean {
    const { errors } = this.#info;
    // A fault that was out of force for a while: whether the test passed or failed says nothing, but wrong data stay
    // wrong.
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
