import type { Fault } from './fault.js';
import type { Json } from './json.js';
import type { SlotContext } from './slot-fixture.js';

/** A service as the configuration knows it: plain data. */
export interface ServiceDescription<Name extends string = string> {
  /** Its key below `services`, its end of a link, its placeholders: lower case letters, digits and `_`. */
  readonly name: Name;
  /** For people: `PostgreSQL`. */
  readonly title: string;
  /** What the URL of an external one may begin with (`redis:`), each with its default port. */
  readonly protocols: Readonly<Record<string, number>>;
  /**
   * Keys of its address that are placeholders, too, such as `issuer`. Every service has `{name.url}`, `{name.host}` and
   * `{name.port}`, which lead through its link.
   */
  readonly placeholders?: readonly string[];
}

/** What a service is started with. */
export interface ServiceContext<Prepared extends Json = Json> extends Pick<
  SlotContext,
  'slotIndex' | 'runId' | 'seed' | 'directory' | 'journal' | 'log' | 'takePort'
> {
  /** Budget for getting ready, stretched to the machine; a {@link ServiceDefinition.prepare} is not in it. */
  readonly startTimeoutMs: number;
  /** What {@link ServiceDefinition.prepare} gave; `null` without it. */
  readonly prepared: Prepared;
  /** Where the target will reach it, for one that tells its clients where it is: the near end of its link. */
  linkEndpoint(): Promise<{ readonly host: string; readonly port: number }>;
}

/** A service while it is up. Disposing leaves nothing behind; twice is harmless. */
export interface RunningService extends AsyncDisposable {
  /** Rejects when it cannot be used. */
  ready(signal: AbortSignal): Promise<void>;
  /** Remembers the state of now. */
  snapshot?(signal: AbortSignal): Promise<void>;
  /** Back to the last snapshot, proven: rejects when it cannot be reached; then the slot is built anew. */
  reset(signal: AbortSignal): Promise<void>;
}

/** Plain data that tests, drivers and placeholders get; `url` leads to the service itself, around its link. */
export type ServiceAddress = { readonly url: string } & Readonly<Record<string, Json>>;

/** Faults by name: functions of what runs, and of options that are plain data without a `name`. */
// oxlint-disable-next-line typescript/no-explicit-any -- every fault has options of its own
export type ServiceFaults<Running> = Readonly<Record<string, (running: Running, options: any) => Fault>>;

/** Methods by name: functions of what runs, a signal, and plain data. */
export type ServiceMethods<Running> = Readonly<
  // oxlint-disable-next-line typescript/no-explicit-any -- every method has arguments of its own
  Record<string, (running: Running, signal: AbortSignal, ...args: any[]) => Promise<Json | void>>
>;

/** The outcome of looking whether a service can be had. */
export interface ServiceCheck {
  /** `fail`: a run cannot be had. `warn`: tests that need it are skipped. */
  readonly status: 'ok' | 'warn' | 'fail';
  readonly detail: string;
  /** How to make it `ok`. */
  readonly fix?: string;
}

/** Something that machines may lack, for tests to name in `requires`. */
export interface ServiceCapability {
  readonly name: string;
  /** Whether this machine has it: what was tried, and how to get it. */
  detect(signal: AbortSignal): Promise<{ readonly available: boolean; readonly reason: string; readonly fix?: string }>;
}

/**
 * Everything that makes one service differ from another. Its module is loaded by the command, by slots and by workers:
 * import what is heavy where it is used.
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
  /** What needs a network (a download): called outside of the slot's namespace before each start. Plain data. */
  prepare?(options: { readonly signal: AbortSignal }): Promise<Prepared>;
  /**
   * Starts one for a slot; resolves when it is ready, leaves nothing behind when it rejects. Throws
   * {@link CapabilityMissing} where this machine cannot have it: tests that need it are skipped then.
   */
  start(context: ServiceContext<Prepared>, signal: AbortSignal): Promise<Running>;
  /** Uses the one at `services.<name>.url`. Without it the configuration may not name a URL. */
  use?(context: ServiceContext, url: string, signal: AbortSignal): Promise<Running>;
  address(running: Running): Address;
  readonly faults: Faults;
  /** Names of faults for people and reports, after the service's name. Default: the fault's key and its options. */
  readonly faultNames?: Readonly<Record<string, string>>;
  readonly methods: Methods;
  /** What a test has left: texts, or with the local port of the connection that it was left on. */
  leftovers?(
    running: Running,
    signal: AbortSignal,
  ): Promise<readonly (string | { readonly what: string; readonly localPort?: number })[]>;
  /** Another number whenever it took back what the target may rely on: the target is restarted by the next reset. */
  generation?(running: Running): number;
  readonly capability?: ServiceCapability;
  /** For `chaos doctor`, where there is no `url`. Default: one is started. */
  doctor?(options: { readonly path: string | undefined; readonly signal: AbortSignal }): Promise<ServiceCheck>;
  /** What tests get, made of address, faults and methods. Disposed at the end of the test. Default: these themselves. */
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
