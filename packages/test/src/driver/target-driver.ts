import type { TargetDriver as BareDriver } from '@chaos/spec';

/**
 * Adapter between tests and the program under test. Operations throw an `OperationError`, so that a rejection differs
 * from a loss.
 */
export interface TargetDriver extends BareDriver {
  /** Arguments that `chaos driver check` calls operations with, by their names: `{ read: ['42'] }`. Default: none. */
  readonly examples?: Readonly<Record<string, readonly unknown[]>>;
}
