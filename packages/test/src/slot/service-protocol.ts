import type { Fault, Json } from '@chaos/spec';

/** The parts of a `ServiceDefinition` that cross the process boundary. */
interface SlotSide {
  address(running: never): Json;
  readonly faults: object;
  readonly methods: object;
}

/**
 * The protocol of a service's slot fixture, as its definition states it: a worker that names a fault or a method of it
 * wrongly, or gives it other options, does not compile.
 */
export interface ServiceProtocol<Definition extends SlotSide> {
  readonly address: ReturnType<Definition['address']>;
  readonly faults: { readonly [Name in keyof Definition['faults']]: OptionsOf<Definition['faults'][Name]> };
  readonly methods: { readonly [Name in keyof Definition['methods']]: CallOf<Definition['methods'][Name]> };
}

// A maker that takes no options is asked with an empty object.
type OptionsOf<Maker> = Maker extends (running: never, options: infer Options) => Fault
  ? unknown extends Options
    ? Readonly<Record<string, never>>
    : Options
  : never;

type CallOf<Method> = Method extends (running: never, signal: AbortSignal, ...args: infer Args) => Promise<infer Result>
  ? (...args: Args) => Result
  : never;
