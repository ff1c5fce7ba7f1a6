import type { Verdict } from '../verdict.js';
import type { IsolationLevel } from './isolation-level.js';

/** A verdict about transactions: what of every isolation level. */
export interface TransactionVerdict extends Verdict {
  readonly model: IsolationLevel;
  readonly strongest?: IsolationLevel;
  /** Of each level whether the history shows nothing against it. Says nothing where `valid` is `unknown`. */
  readonly levels: Readonly<Record<IsolationLevel, boolean>>;
}

/** Options of the checks of transactions. */
export interface CheckTransactionsOptions {
  /** The level that must hold, by its own name or another in use (`PL-3`). Default `serializable`. */
  readonly model?: string;
  /** Most anomalies of a type that are told; there may be more. Default 8. */
  readonly limit?: number;
  /**
   * Least share of acknowledged writes that some read must show, and whose predecessor must be known; else the verdict
   * is `unknown`. Default 0.1.
   */
  readonly minimumObserved?: number;
  /**
   * True if transactions may be running that the history does not have yet: then what nobody wrote is no anomaly.
   * Default false.
   */
  readonly isRunning?: boolean;
}

/** {@link CheckTransactionsOptions}, complete. */
export interface ResolvedCheckOptions {
  readonly model: string;
  readonly limit: number;
  readonly minimumObserved: number;
  readonly isRunning: boolean;
}

/**
 * Fills in what is not given. Throws `RangeError` for a limit that is no positive integer or a share outside 0 to 1.
 */
export function resolveCheckOptions(options: CheckTransactionsOptions): ResolvedCheckOptions {
  const resolved = { model: 'serializable', limit: 8, minimumObserved: 0.1, isRunning: false, ...options };
  if (!Number.isSafeInteger(resolved.limit) || resolved.limit < 1)
    throw new RangeError(`Cannot check transactions: current limit is ${resolved.limit}, want an integer from 1`);
  if (!(resolved.minimumObserved >= 0 && resolved.minimumObserved <= 1))
    throw new RangeError(
      `Cannot check transactions: current minimumObserved is ${resolved.minimumObserved}, want 0 to 1`,
    );
  return resolved;
}
