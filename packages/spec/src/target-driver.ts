import type { Json } from './json.js';
import type { ResolvedConfig } from './resolved-config.js';

/** What a driver gets to reach the target. */
export interface DriverContext {
  /** Base URL of the target, without a trailing slash. */ readonly url: string;
  /** Direct URLs of the target's services by name, not through links. */
  readonly urls: Readonly<Record<string, string>>;
  /** The same as `urls.postgres`, and so on; absent where the target has no such service. */
  readonly postgresUrl?: string;
  readonly redisUrl?: string;
  readonly jwksUrl?: string;
  readonly config: ResolvedConfig;
  /** A signed token; claims are merged over valid ones. Throws where there is no JWKS issuer. */
  issueToken(claims?: Readonly<Record<string, Json>>): Promise<string>;
  /** Aborted when the test or the seeding has to stop. */ readonly signal: AbortSignal;
}

/** One thing the target can do, as a test calls it: `target.read('42')` calls `operations.read(context, '42')`. */
// oxlint-disable-next-line typescript/no-explicit-any -- every operation has arguments of its own
export type DriverOperation = (context: DriverContext, ...args: any[]) => Promise<unknown>;

/**
 * How tests speak to a program under test. Operations throw an {@link OperationError}, so that a refusal can be told
 * from a loss.
 */
export interface TargetDriver {
  /** Fills the target after its first `ready`. The state after it is what every test starts from. */ seed?(
    context: DriverContext,
  ): Promise<void>;
  readonly operations: Readonly<Record<string, DriverOperation>>;
}
