import type { Fault, Json, SlotContext, SlotFixture } from '@chaos/spec';
import type { AnyProtocol, ArgsOf, ResultOf, SlotProtocol } from './slot-client.js';
import { SlotFaults } from './slot-faults.js';

/** Options of a fault or a method, as received over ipc. */
export type JsonObject = Readonly<Record<string, Json>>;

/** Parts that define one slot fixture; `Running` is its running state. */
export interface SlotFixtureParts<Running extends AsyncDisposable, Protocol extends SlotProtocol = AnyProtocol> {
  readonly name: string;
  readonly needs: SlotFixture['needs'];
  /** Must leave nothing behind when it throws. */
  start(context: SlotContext, signal: AbortSignal): Promise<Running>;
  address(running: Running): Protocol['address'];
  pid?(running: Running): number | undefined;
  check(running: Running, signal: AbortSignal): Promise<void>;
  snapshot?(running: Running, signal: AbortSignal): Promise<void>;
  /** Called after its faults are healed. */
  reset(running: Running, signal: AbortSignal): Promise<void>;
  /** Made with the options that the worker gives, and the fault's own `name`. */
  readonly faults: {
    readonly [Name in keyof Protocol['faults']]: (
      running: Running,
      options: Protocol['faults'][Name] & { readonly name: string },
    ) => Fault;
  };
  readonly methods: {
    readonly [Name in keyof Protocol['methods']]: (
      running: Running,
      args: Readonly<ArgsOf<Protocol['methods'][Name]>>,
      signal: AbortSignal,
    ) => Promise<ResultOf<Protocol['methods'][Name]>>;
  };
}

/** Creates a slot fixture: holds the running state, numbers active faults, and finds methods by name. */
export function defineSlotFixture<Running extends AsyncDisposable, Protocol extends SlotProtocol = AnyProtocol>(
  parts: SlotFixtureParts<Running, Protocol>,
): SlotFixture {
  const { name, needs, snapshot } = parts;
  // Messages of ipc are not typed; the side of the worker was.
  const { faults: makers, methods } = parts as unknown as SlotFixtureParts<Running>;
  const faults = new SlotFaults(name);
  let current: Running | undefined;

  function running(): Running {
    if (current === undefined) throw new TypeError(`Cannot use the slot fixture ${name}: it is not up`);
    return current;
  }

  async function inject(options: Json | undefined, signal: AbortSignal): Promise<Json> {
    const request = objectOf(options, `inject into ${name}`);
    const make = find(makers, request['name'], `inject into ${name}`);
    return {
      id: await faults.inject(() => make(running(), request as JsonObject & { readonly name: string }), signal),
    };
  }

  return {
    needs,
    async up(context, signal) {
      if (current !== undefined) throw new TypeError(`Cannot bring the slot fixture ${name} up: it is up already`);
      current = await parts.start(context, signal);
    },
    check: async (signal) => parts.check(running(), signal),
    ...(snapshot && { snapshot: async (signal: AbortSignal) => snapshot(running(), signal) }),
    async reset(signal) {
      await faults.healAll();
      await parts.reset(running(), signal);
    },
    address: () => parts.address(running()),
    pid: () => parts.pid?.(running()),
    async call(method, args, signal) {
      if (method === 'inject') return inject(args[0], signal);
      if (method === 'heal') return (await faults.heal(idOf(args, `heal of ${name}`))) ?? null;
      if (method === 'prove') return (await faults.prove(idOf(args, `prove of ${name}`), signal)) ?? null;
      return find(methods, method, `call ${name}`)(running(), args, signal);
    },
    async down() {
      const ending = current;
      current = undefined;
      faults.forget();
      await ending?.[Symbol.asyncDispose]();
    },
  };
}

function idOf([request]: readonly Json[], what: string): number {
  return Number(objectOf(request, what)['id']);
}

/** Reads an object argument. ipc turns `undefined` into `null`, which is allowed only with a `fallback`. */
export function objectOf(value: Json | undefined, what: string, fallback?: JsonObject): JsonObject {
  if (fallback !== undefined && (value === undefined || value === null)) return fallback;
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new TypeError(`Cannot ${what}: the argument is ${JSON.stringify(value)}, an object is needed`);
  return value as JsonObject;
}

function find<T>(table: Readonly<Record<string, T>>, key: Json | undefined, what: string): T {
  const found = typeof key === 'string' && Object.hasOwn(table, key) ? table[key] : undefined;
  if (found === undefined)
    throw new TypeError(
      `Cannot ${what}: the name is ${JSON.stringify(key)}, known are ${Object.keys(table).join(', ') || 'none'}`,
    );
  return found;
}
