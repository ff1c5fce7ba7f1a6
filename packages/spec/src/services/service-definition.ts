import type { Fault } from '../faults/fault.js';
import type { Json } from '../json.js';
import type { SlotContext } from './slot-fixture.js';

/** A service as the configuration knows it: plain data. */
export interface ServiceDescription<Name extends string = string> {
  /** Its key below `services`, its end of a link and its prefix of placeholders: lower case letters, digits and `_`. */
  readonly name: Name;
  /** Name for messages and reports: `PostgreSQL`. */
  readonly title: string;
  /** Protocols that the URL of an external server may start with (`redis:`), each with its default port. */
  readonly protocols: Readonly<Record<string, number>>;
  /**
   * Further keys of its address that are placeholders, such as `issuer`. Every service has `{name.url}`, `{name.host}`
   * and `{name.port}`, which lead through its link.
   */
  readonly placeholders?: readonly string[];
}

/** Arguments for starting a service. */
export interface ServiceContext<Prepared extends Json = Json> extends Pick<
  SlotContext,
  'slotIndex' | 'runId' | 'seed' | 'directory' | 'journal' | 'log' | 'takePort'
> {
  /** Budget for getting ready, stretched to the machine, ms; does not include {@link ServiceDefinition.prepare}. */
  readonly startTimeoutMs: number;
  /** Result of {@link ServiceDefinition.prepare}; `null` without it. */
  readonly prepared: Prepared;
  /** Returns the near end of its link, where the target connects. For services that tell clients their own address. */
  linkEndpoint(): Promise<{ readonly host: string; readonly port: number }>;
}

/** A running service. Disposing removes everything; a second call does nothing. */
export interface RunningService extends AsyncDisposable {
  /** Rejects when the service cannot be used. */
  ready(signal: AbortSignal): Promise<void>;
  /** Remembers the current state. */
  snapshot?(signal: AbortSignal): Promise<void>;
  /** Returns to the last snapshot and verifies it. Rejects if that fails; then the slot is rebuilt. */
  reset(signal: AbortSignal): Promise<void>;
}

/** Plain data for tests, drivers and placeholders; `url` leads to the service itself, not through its link. */
export type ServiceAddress = { readonly url: string } & Readonly<Record<string, Json>>;

/** Faults by name: each takes the running service and options, which are plain data without a `name`. */
// oxlint-disable-next-line typescript/no-explicit-any -- every fault has options of its own
export type ServiceFaults<Running> = Readonly<Record<string, (running: Running, options: any) => Fault>>;

/** Methods by name: each takes the running service, a signal, and plain data. */
export type ServiceMethods<Running> = Readonly<
  // oxlint-disable-next-line typescript/no-explicit-any -- every method has arguments of its own
  Record<string, (running: Running, signal: AbortSignal, ...args: any[]) => Promise<Json | void>>
>;

/** Result of checking whether a service can run here. */
export interface ServiceCheck {
  /** `fail`: a run is impossible. `warn`: tests that need the service are skipped. */
  readonly status: 'ok' | 'warn' | 'fail';
  readonly detail: string;
  /** Instructions for making it `ok`. */
  readonly fix?: string;
}

/** A capability that machines may lack; tests name it in `requires`. */
export interface ServiceCapability {
  readonly name: string;
  /** Checks whether this machine has it; the result says what was tried and how to get it. */
  detect(signal: AbortSignal): Promise<{ readonly available: boolean; readonly reason: string; readonly fix?: string }>;
}

/**
 * Everything that makes one service differ from another. The command, slots and workers all load its module, so import
 * heavy dependencies where they are used.
 */
export interface ServiceDefinition<
  Name extends string = string,
  Running extends RunningService = RunningService,
  Address extends ServiceAddress = ServiceAddress,
  Faults extends object = object,
  Methods extends object = object,
  Client extends object = object,
  Prepared extends Json = Json,
> extends ServiceDescription<Name> {
  /**
   * Does work that needs a network (a download). Called outside the slot's namespace before each start. Returns plain
   * data.
   */
  prepare?(options: { readonly signal: AbortSignal }): Promise<Prepared>;
  /**
   * Starts the service for a slot; resolves when it is ready, leaves nothing behind when it rejects. Throws {@link
   * CapabilityMissing} if this machine cannot run it; tests that need it are skipped then.
   */
  start(context: ServiceContext<Prepared>, signal: AbortSignal): Promise<Running>;
  /** Uses the server at `services.<name>.url`. Without this method the configuration may not set a URL. */
  use?(context: ServiceContext, url: string, signal: AbortSignal): Promise<Running>;
  address(running: Running): Address;
  readonly faults: Faults;
  /** Names of faults in messages and reports, after the service's name. Default: the fault's key and its options. */
  readonly faultNames?: Readonly<Record<string, string>>;
  readonly methods: Methods;
  /** Lists what a test left behind: texts, or entries with the local port of the connection it was left on. */
  leftovers?(
    running: Running,
    signal: AbortSignal,
  ): Promise<readonly (string | { readonly what: string; readonly localPort?: number })[]>;
  /**
   * A number that changes whenever the service withdraws state that the target may have stored; the next reset restarts
   * the target then.
   */
  generation?(running: Running): number;
  /**
   * What was made since the snapshot and will be dropped by the next reset, for people: `schema graphile_worker`. The
   * target, which may have made it, is ended first and started again afterwards.
   */
  created?(running: Running, signal: AbortSignal): Promise<readonly string[]>;
  readonly capability?: ServiceCapability;
  /** Check for `chaos doctor`, used when there is no `url`. Default: start the service. */
  doctor?(options: { readonly path: string | undefined; readonly signal: AbortSignal }): Promise<ServiceCheck>;
  /**
   * Creates the object that tests get from address, faults and methods. Disposed at the end of the test. Default: these
   * three themselves.
   */
  client?(service: ServiceHandle<Address, Faults, Methods>, signal: AbortSignal): Client;
}

/** A service as a test sees it: its address, its faults for `inject`, its methods. */
export type ServiceHandle<Address extends ServiceAddress, Faults extends object, Methods extends object> = Address & {
  readonly [Key in keyof Faults]: Faults[Key] extends (running: never, ...options: infer Options) => Fault
    ? (...options: Options) => Fault
    : never;
} & {
  readonly [Key in keyof Methods]: Methods[Key] extends (
    running: never,
    signal: AbortSignal,
    ...args: infer Args
  ) => Promise<infer Result>
    ? (...args: Args) => Promise<Result>
    : never;
};
