import type { DriverContext } from '@chaos/test';
import type { AccountOperations } from './operations/accounts.js';
import type { AuthOperations } from './operations/auth.js';
import type { SuiteOperations } from './operations/basic.js';
import type { DocumentOperations } from './operations/documents.js';
import type { PlanningOperations } from './operations/planning.js';
import type { ServiceOperations } from './operations/service.js';
import type { StockOperations } from './operations/stock.js';

export type { SuiteOperations } from './operations/basic.js';
export type { CallOptions } from './operations/call-options.js';

/** Operations that some tests need on top: each test says which. */
export interface FurtherOperations
  extends
    AuthOperations,
    DocumentOperations,
    AccountOperations,
    StockOperations,
    ServiceOperations,
    PlanningOperations {}

/** Operations as a driver has them, with the context first. */
export type InDriver<Operations> = {
  readonly [Name in keyof Operations]: Operations[Name] extends (...args: infer Args) => infer Result
    ? (context: DriverContext, ...args: Args) => Result
    : never;
};

/** A driver for the suites: any of their operations, and whatever else your own tests call. */
export interface SuiteDriver {
  /** Fills the target with the keys of {@link SuiteOperations}. */
  seed?(context: DriverContext): Promise<void>;
  readonly operations: Partial<InDriver<SuiteOperations & FurtherOperations>>;
}
