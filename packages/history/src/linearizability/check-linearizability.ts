import type { History } from '../history.js';
import type { Verdict } from '../verdict.js';
import { judgeParts, type Judging } from './judge-parts.js';
import { judgeQueue } from './judge-queue.js';
import { judgeRegister } from './judge-register.js';
import type { SequentialModel } from './models/sequential-model.js';
import { namedModel, type ModelName } from './models/named-model.js';
import type { Part } from './split-by-key.js';

/** Options of {@link checkLinearizability}. */
export interface LinearizabilityOptions {
  /** Object that the operations act on: by name, or your own model. */
  readonly model: ModelName | SequentialModel;
  /**
   * Value of a named register, multi-register or counter before the first operation. Default `null`, for a counter 0.
   */
  readonly initial?: unknown;
  /**
   * True if every value names its key, as `[key, value]` or `{ key, value }`. Default: true if all of them look like
   * that.
   */
  readonly independent?: boolean;
  /**
   * Steps after which the search gives up and the verdict is `unknown`; about a million a second. A state met for the
   * first time counts as 4 more, and one more for every 8 values inside of it. Default 5,000,000.
   */
  readonly maxSteps?: number;
}

/**
 * Whether every operation can have happened at one moment between its invocation and its completion (Herlihy and Wing,
 * 1990), as one client alone would have seen it on the model. Registers whose writes are all different are decided by
 * zones in O(n log n), and so are queues whose elements are; everything else is searched (Wing and Gong, with Lowe's
 * memory), key by key.
 *
 * `ok` happened, `fail` did not (a `cas` whose comparison failed is a `fail`), `info` may take effect at any time after
 * its invocation, or never. Values: `read` and `write` have the value, `cas` `[from, to]`, `enqueue` and `dequeue` the
 * element (`null`: it was empty), `add` the element or the amount, a set's `read` a list, `acquire` and `release` none,
 * `txn` `[['r' | 'w', key, value], ...]`.
 *
 * Throws `RangeError` for an unknown model or a budget below 1, `TypeError` for an operation that the model does not
 * have.
 */
export function checkLinearizability(history: History, options: LinearizabilityOptions): Verdict {
  const judging = judgeParts(history, resolve(options));
  for (;;) {
    const turn = judging.next();
    if (turn.done === true) return turn.value;
  }
}

/** The options with all defaults. */
export function resolve(options: LinearizabilityOptions): Judging {
  const { model, initial, independent, maxSteps } = {
    initial: undefined,
    independent: undefined,
    maxSteps: 5_000_000,
    ...options,
  };
  if (!Number.isSafeInteger(maxSteps) || maxSteps < 1)
    throw new RangeError(
      `Cannot check linearizability: current maxSteps is ${maxSteps}, it must be an integer of at least 1`,
    );
  const resolved = typeof model === 'string' ? namedModel(model, initial === undefined ? {} : { initial }) : model;
  const quick =
    model === 'register' || model === 'cas-register'
      ? (part: Part) => judgeRegister(part, initial ?? null, model === 'cas-register')
      : model === 'queue'
        ? judgeQueue
        : undefined;
  return { model: resolved, quick, independent, maxSteps };
}
