import type { SlotHandle } from '@chaos/runner';
import type { Fault, Json, SlotContext } from '@chaos/spec';
import { plain, slotFault } from './slot-fault.js';

/**
 * Types of what crosses the process boundary of one slot fixture. The slot's side (`defineSlotFixture`) and the
 * worker's side ({@link slotClient}) are both checked against it. All of it is plain data.
 */
export interface SlotProtocol {
  readonly address: Json;
  /** Options of each fault. */
  readonly faults: object;
  /** Functions of its arguments; `undefined` arrives as `null`. */
  readonly methods: object;
}

/** Of a fixture whose faults and methods are known only when it runs. */
export interface AnyProtocol extends SlotProtocol {
  readonly faults: Readonly<Record<string, Readonly<Record<string, Json>>>>;
  readonly methods: Readonly<Record<string, (...args: Json[]) => Json>>;
}

type NameOf<Table> = keyof Table & string;
/** Arguments of a method. */
export type ArgsOf<M> = M extends (...args: infer Args) => unknown ? Args : never;
/** Result of a method. */
export type ResultOf<M> = M extends (...args: never[]) => infer Result ? Result : never;

/** The methods of a slot fixture, from another process or fixture. */
export interface SlotCalls<Protocol extends SlotProtocol> {
  /** Calls a method of the slot's side. */
  call<Name extends NameOf<Protocol['methods']>>(
    method: Name,
    args: Readonly<ArgsOf<Protocol['methods'][Name]>>,
    signal?: AbortSignal,
  ): Promise<ResultOf<Protocol['methods'][Name]>>;
}

/** A slot fixture as a worker sees it. */
export interface SlotClient<Protocol extends SlotProtocol> extends SlotCalls<Protocol> {
  readonly address: Protocol['address'];
  /** A fault of it; `title` is for people. */
  fault<Name extends NameOf<Protocol['faults']>>(title: string, name: Name, options: Protocol['faults'][Name]): Fault;
}

/** Gives a handle the types of its fixture. */
export function slotClient<Protocol extends SlotProtocol>(
  handle: SlotHandle<Protocol['address']>,
): SlotClient<Protocol> {
  return {
    get address() {
      return handle.address;
    },
    call: (method, args, signal) => handle.call(method, args as readonly Json[], signal) as Promise<never>,
    fault: (title, name, options) => slotFault(handle, title, { ...plain(options as object), name }),
  };
}

/** The methods of another fixture of the same slot, which must be up. */
export function siblingOf<Protocol extends SlotProtocol>(context: SlotContext, fixture: string): SlotCalls<Protocol> {
  return {
    call: (method, args, signal = new AbortController().signal) =>
      context.call(fixture, method, args as readonly Json[], signal) as Promise<never>,
  };
}
