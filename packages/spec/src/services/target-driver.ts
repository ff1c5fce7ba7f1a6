import type { Json } from '../json.js';
import type { ResolvedConfig } from '../resolved-config.js';

/** Access to the target for a driver. */
export interface DriverContext {
  /** Base URL of the target, without a trailing slash. */
  readonly url: string;
  /** Direct URLs of the target's services by name, not through links. */
  readonly urls: Readonly<Record<string, string>>;
  /** The same as `urls.postgres`, and so on; absent where the target has no such service. */
  readonly postgresUrl?: string;
  /** The same as `urls.redis`. */
  readonly redisUrl?: string;
  /** The same as `urls.jwks`. */
  readonly jwksUrl?: string;
  /** As resolved for this machine and environment. */
  readonly config: ResolvedConfig;
  /** Returns a signed token; claims are merged over valid ones. Throws if there is no JWKS issuer. */
  issueToken(claims?: Readonly<Record<string, Json>>): Promise<string>;
  /** Aborted when the test or the seeding has to stop. */
  readonly signal: AbortSignal;
}

/** One operation of the target, as a test calls it: `target.read('42')` calls `operations.read(context, '42')`. */
// oxlint-disable-next-line typescript/no-explicit-any -- every operation has arguments of its own
export type DriverOperation = (context: DriverContext, ...args: any[]) => Promise<unknown>;

/**
 * Adapter between tests and the program under test. Operations throw an {@link OperationError}, so that a rejection
 * differs from a loss.
 */
export interface TargetDriver {
  /** Fills the target after its first `ready`. Every test starts from the resulting state. */
  seed?(context: DriverContext): Promise<void>;
  /** What tests can do with the target, by name: `target.read(…)`. */
  readonly operations: Readonly<Record<string, DriverOperation>>;
}
