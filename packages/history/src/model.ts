import type { History } from './history.js';
import type { Operation } from './operation.js';
import type { Verdict } from './verdict.js';

/** Something that can be asked of a history by name: a row of {@link MODELS}. */
export interface Model {
  /** Canonical, in kebab case: `snapshot-isolation`, `linearizable-register`, `bank`. */
  readonly name: string;
  /** Other names that people and other tools use, in kebab case. */
  readonly aliases: readonly string[];
  readonly family: 'transactions' | 'linearizability' | 'invariants';
  /** One line: what a history that passes has proven. */
  readonly summary: string;
  /**
   * Where every beginning of a correct history is correct too, so that it can be judged while it is being recorded. Not
   * so where the last operations are what counts: a final read, a queue that is drained in the end.
   */
  readonly prefixClosed: boolean;
  /** Judges; pure. `options` are the checker's own (a method, so that each checker can type them). */
  check(history: History, options: object): Verdict;
  /** A checker that takes operations one by one, where there is one that is cheaper than checking all of them again. */
  stream?(options: object): ModelStream;
}

/** Judges while operations end. */
export interface ModelStream {
  /**
   * Takes an operation that has ended `ok` or `fail`, in the order of completions; returns a verdict as soon as the
   * model is broken.
   */
  add(operation: Operation): Verdict | undefined;
  /** The verdict over all that was added. */
  verdict(): Verdict;
}
