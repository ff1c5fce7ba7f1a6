import { withPlace } from './formats/places.js';
import type { History } from './history.js';
import { findModel } from './models.js';
import type { Verdict } from './verdict.js';

/** The model, and the options of its checker. */
export interface CheckOptions {
  /** A name or alias of {@link MODELS}: `serializable`, `linearizable-register`, `bank`… */
  readonly model: string;
  readonly [option: string]: unknown;
}

/**
 * Says whether a correct system of that model could have produced the history. Throws `RangeError` for a model that
 * does not exist, `TypeError` for an operation that is none of the model; where the history was read from a file
 * `ChaosError` `HISTORY_FORMAT` with file:line:column.
 *
 * @example
 * const verdict = check(recorder.history(), { model: 'serializable' });
 */
export function check(history: History, { model, ...options }: CheckOptions): Verdict {
  const { check: judge } = findModel(model);
  try {
    return judge(history, options);
  } catch (error) {
    throw withPlace(error, history, (part) => judge(part, options));
  }
}
