import type { Journal } from './journal.js';
import type { Json } from './json.js';
import type { ResolvedConfig } from './resolved-config.js';

/** What a slot gives its fixtures. */
export interface SlotContext {
  /** What this fixture is called. */ readonly name: string;
  /** 0-based place in the pool; stable over worker replacement. */ readonly slotIndex: number;
  readonly runId: string;
  readonly seed: string;
  /** It has a network namespace of its own. */ readonly sandboxed: boolean;
  /**
   * What only works outside of it (a download): calls an export of a module with `{ signal }` there. A dot leads into
   * what is exported: `default.prepare`.
   */
  outside(module: string, name: string, signal: AbortSignal): Promise<Json>;
  /** The name of the target's variant, where one was asked for. */ readonly variant: string | undefined;
  readonly config: ResolvedConfig;
  /** Ports that belong to this slot alone and stay reserved while a service is down. */ takePort(
    purpose: string,
  ): Promise<number>;
  /** A folder of this slot that is removed at the end of the run; mode 0755, so that other uids can reach what is in it. */ readonly directory: string;
  readonly journal: Journal;
  /** The address of another fixture, which is up already (see {@link SlotFixture.needs}). */ address(
    fixture: string,
  ): Json;
  /** Calls another fixture. */ call(
    fixture: string,
    method: string,
    args: readonly Json[],
    signal: AbortSignal,
  ): Promise<Json>;
  /** A diagnostic line, printed with `--verbose` and kept for errors. */ log(line: string): void;
}

/**
 * Something that a slot owns: a service, its links, the target. A worker sees `address()` as plain data and reaches
 * `call()` over ipc.
 */
export interface SlotFixture {
  /** Fixtures that must be up before this one: by name, or with the place of one that no test may have named. */
  readonly needs: readonly (string | SlotFixtureReference)[];
  /** Throws {@link CapabilityMissing} where the machine cannot have it. */ up(
    context: SlotContext,
    signal: AbortSignal,
  ): Promise<void>;
  /** Throws when it is not as a test may expect it. */ check(signal: AbortSignal): Promise<void>;
  /** Called once after everything that was asked for is up: remember this state, `reset` goes back to it. */ snapshot?(
    signal: AbortSignal,
  ): Promise<void>;
  /**
   * Back to the snapshot, proven: throws when it cannot be reached; then the slot is rebuilt. Called in order of
   * `needs`.
   */
  reset(signal: AbortSignal): Promise<void>;
  address(): Json;
  /**
   * Throws `TypeError` for an unknown method. Faults are methods too: the runner knows none. It asks for `leftovers`
   * after each test, where there is such a method: a list of texts, or of `{ what, localPort }` of the connection, that
   * say what the test has left (an open transaction).
   */
  call(method: string, args: readonly Json[], signal: AbortSignal): Promise<Json>;
  /** Everything is gone. Twice is harmless. */ down(): Promise<void>;
}

/** Where a slot process finds a fixture: plain data, so that no test file has to be loaded there. */
export interface SlotFixtureReference {
  /** A file URL. */ readonly module: string;
  /** A function of the {@link SlotContext} that returns the {@link SlotFixture}. */ readonly export: string;
  /** What other slot fixtures call it (see {@link SlotFixture.needs}). */ readonly name: string;
}
