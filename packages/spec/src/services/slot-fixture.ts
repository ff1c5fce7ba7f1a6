import type { Journal } from '../faults/journal.js';
import type { Json } from '../json.js';
import type { ResolvedConfig } from '../resolved-config.js';

/** Services of the slot for its fixtures. */
export interface SlotContext {
  /** Name of this fixture. */
  readonly name: string;
  /** 0-based place in the pool; a replaced worker keeps it. */
  readonly slotIndex: number;
  readonly runId: string;
  readonly seed: string;
  /** True if the slot has its own network namespace. */
  readonly sandboxed: boolean;
  /**
   * Runs work that needs the outside network (a download): calls an export of a module there with `{ signal }`. A dot
   * leads into the exported object: `default.prepare`.
   */
  outside(module: string, name: string, signal: AbortSignal): Promise<Json>;
  /** The name of the target's variant, if one was requested. */
  readonly variant: string | undefined;
  readonly config: ResolvedConfig;
  /** Reserves a port for this slot alone, also while a service is down. */
  takePort(purpose: string): Promise<number>;
  /** A folder of this slot, removed at the end of the run; mode 0755, so that other uids can read its files. */
  readonly directory: string;
  readonly journal: Journal;
  /** The address of another fixture, which must be up already (see {@link SlotFixture.needs}). */
  address(fixture: string): Json;
  /** Calls another fixture. */
  call(fixture: string, method: string, args: readonly Json[], signal: AbortSignal): Promise<Json>;
  /** Something that people should know, as an annotation of the next test. */
  note(text: string): void;
  /** A diagnostic line, printed with `--verbose` and kept for errors. */
  log(line: string): void;
}

/**
 * A part that a slot owns: a service, its links, the target. A worker gets `address()` as plain data and calls `call()`
 * over ipc.
 */
export interface SlotFixture {
  /** Fixtures that must be up before this one: by name, or with the place of one that no test may have named. */
  readonly needs: readonly (string | SlotFixtureReference)[];
  /**
   * Time that each of `up`, `snapshot`, `reset` and `check` may take, ms, stretched like every deadline. Past it, its
   * signal is aborted and the slot cannot be used. Default: five minutes.
   */
  readonly timeoutMs?: number;
  /** Throws {@link CapabilityMissing} if the machine cannot run it. */
  up(context: SlotContext, signal: AbortSignal): Promise<void>;
  /** Throws when its state is not the one a test may expect. */
  check(signal: AbortSignal): Promise<void>;
  /** Called once after all requested fixtures are up: remembers this state for `reset`. */
  snapshot?(signal: AbortSignal): Promise<void>;
  /**
   * Returns to the snapshot and verifies it. If that fails it throws, and the slot is rebuilt. Called in order of
   * `needs`. Before any is reset, `beforeReset` is called of those that have such a method, dependents first.
   */
  reset(signal: AbortSignal): Promise<void>;
  address(): Json;
  /** Process that is sampled with the machine, under the fixture's name, if it has one now. */
  pid?(): number | undefined;
  /**
   * Throws `TypeError` for an unknown method. Faults are methods, too: the runner knows none of them. After each test
   * it calls `leftovers` and `incidents`, after one that failed also `logs`, if there are such methods. The first
   * returns a list of texts, or of `{ what, localPort }` of a connection, for everything that the test left behind (an
   * open transaction); the second returns each `Incident` once; `logs [sinceMs]` returns `{ name, text }` of what was
   * printed since then. While a matcher waits it calls `ended`: `{ what, atMs }` of each end of a process that nobody
   * asked for, that is not told yet, and after which it is still down.
   */
  call(method: string, args: readonly Json[], signal: AbortSignal): Promise<Json>;
  /** Removes everything. A second call does nothing. */
  down(): Promise<void>;
}

/** Position of a slot fixture, as plain data, so that the slot process need not load any test file. */
export interface SlotFixtureReference {
  /** A file URL. */
  readonly module: string;
  /** A function of the {@link SlotContext} that returns the {@link SlotFixture}. */
  readonly export: string;
  /** Name for other slot fixtures (see {@link SlotFixture.needs}). */
  readonly name: string;
}
