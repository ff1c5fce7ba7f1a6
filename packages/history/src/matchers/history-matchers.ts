import type { CheckOptions } from '../check.js';
import {
  judgeHistory,
  type HistoryMatcherContext,
  type HistoryMatcherResult,
  type HistorySource,
} from './judge-history.js';

/** Options of a checker, without the model that the matcher names. */
export type ModelOptions = Readonly<Record<string, unknown>>;

/** Matchers over histories, for `expect.extend` of Jest, Vitest or Playwright; `@chaos/test` has them already. */
export interface HistoryMatchers {
  /** Transactions could have run one after the other; `level` asks for another isolation level. */
  toBeSerializable(
    this: HistoryMatcherContext,
    received: HistorySource,
    options?: { readonly level?: string; readonly [option: string]: unknown },
  ): HistoryMatcherResult;
  /**
   * Each operation took effect at one moment between its call and its answer: of a `register`, `cas-register`, `queue`,
   * `set`, `counter`, `mutex`…
   */
  toBeLinearizable(
    this: HistoryMatcherContext,
    received: HistorySource,
    object?: string,
    options?: ModelOptions,
  ): HistoryMatcherResult;
  /** Every read of all accounts of a bank adds up to this. */
  toConserveTotal(
    this: HistoryMatcherContext,
    received: HistorySource,
    total: number,
    options?: ModelOptions,
  ): HistoryMatcherResult;
  /** Any model of the table by name, such as `set-full` or `long-fork`; or a workload's own `check`. */
  toSatisfyModel(
    this: HistoryMatcherContext,
    received: HistorySource,
    model: string | CheckOptions,
    options?: ModelOptions,
  ): HistoryMatcherResult;
}

/**
 * The matchers. A violation throws `InvariantViolation` with the explanation; what nobody can tell throws `ChaosError`
 * `VERDICT_UNKNOWN`, also under `.not`.
 *
 * @example
 * expect.extend(historyMatchers);
 * expect(recorder).toBeSerializable();
 */
export const historyMatchers: HistoryMatchers = {
  toBeSerializable(received, { level = 'serializable', ...options } = {}) {
    return judgeHistory(this, 'toBeSerializable', received, { ...options, model: level });
  },
  toBeLinearizable(received, object = 'register', options = {}) {
    return judgeHistory(this, 'toBeLinearizable', received, {
      ...options,
      model: object.startsWith('linearizable-') ? object : `linearizable-${object}`,
    });
  },
  toConserveTotal(received, total, options = {}) {
    return judgeHistory(this, 'toConserveTotal', received, { ...options, model: 'bank', total });
  },
  toSatisfyModel(received, model, options = {}) {
    return judgeHistory(
      this,
      'toSatisfyModel',
      received,
      typeof model === 'string' ? { ...options, model } : { ...model, ...options },
    );
  },
};
