import type {
  Json,
  RunningService,
  ServiceAddress,
  ServiceConfig,
  ServiceContext,
  ServiceDefinition,
  SlotContext,
  SlotFixture,
} from '@chaos/spec';
import { EnvironmentError, isChaosError, UsageError } from '@chaos/spec';
import { defineSlotFixture, type SlotFixtureParts } from './define-slot-fixture.js';
import { linkPurpose } from './endpoint.js';
import { dependency } from './dependency.js';
import { programsOf } from './target/programs.js';
import { inTime } from './in-time.js';

interface Up extends AsyncDisposable {
  readonly definition: ServiceDefinition;
  readonly service: RunningService;
  /** For each step of a user's definition, which may forget its signal; ours have budgets of their own. */
  readonly budgetMs: number | undefined;
}

/**
 * A slot's service, called through its definition. Address: the definition's, with its `protocols` and their default
 * ports. Methods and faults: the definition's, and `generation` and `created`.
 */
export function serviceSlot({ name }: Pick<SlotContext, 'name'>): SlotFixture {
  // The definition is loaded when the service starts: its faults and methods are known from then on.
  const faults: Record<string, never> = {};
  const methods: Record<string, never> = {};
  return defineSlotFixture<Up>({
    name,
    needs: [],
    async start(context, signal) {
      const { definition, service, budgetMs } = await startService(context, signal).catch((error: unknown) => {
        signal.throwIfAborted();
        throw named(name, error);
      });
      await requireUrl(definition, service);
      Object.assign(faults, faultsOf(definition));
      Object.assign(methods, methodsOf(definition));
      return { definition, service, budgetMs, [Symbol.asyncDispose]: () => service[Symbol.asyncDispose]() };
    },
    address: ({ definition, service }) => addressOf(definition, service),
    check: (up, signal) => step(up, 'ready', signal),
    snapshot: (up, signal) => step(up, 'snapshot', signal),
    reset: (up, signal) => step(up, 'reset', signal),
    faults,
    methods,
  });
}

function step(
  { definition, service, budgetMs }: Up,
  name: 'ready' | 'snapshot' | 'reset',
  signal: AbortSignal,
): Promise<void> {
  const act = async (running: AbortSignal): Promise<void> => service[name]?.(running);
  return inTime(`${name}() of the service ${definition.name}`, budgetMs, signal, act);
}

// A definition of a user's may throw anything: people want to know whose it was.
function named(name: string, error: unknown): unknown {
  if (isChaosError(error)) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new EnvironmentError(`Cannot start the service ${name}: ${message}`, { cause: error });
}

async function requireUrl(definition: ServiceDefinition, service: RunningService): Promise<void> {
  const { url } = definition.address(service) as { readonly url?: unknown };
  if (typeof url === 'string' && URL.canParse(url)) return;
  await service[Symbol.asyncDispose]();
  throw new UsageError(
    `Cannot use the service ${definition.name}: the url of its address is ${JSON.stringify(url)}, a URL is needed`,
    { hint: 'Let address() of its definition return { url }, such as queue://127.0.0.1:4222.' },
  );
}

function addressOf(definition: ServiceDefinition, service: RunningService): ServiceAddress {
  return { ...definition.address(service), protocols: definition.protocols };
}

type Table<Of extends 'faults' | 'methods'> = SlotFixtureParts<Up>[Of];

function faultsOf({ faults }: ServiceDefinition): Table<'faults'> {
  return Object.fromEntries(
    Object.entries(faults as Record<string, (service: RunningService, options: object) => never>).map(
      ([name, make]) => [name, ({ service }: Up, { name: _, ...options }) => make(service, options)],
    ),
  );
}

function methodsOf(definition: ServiceDefinition): Table<'methods'> {
  type Method = (service: RunningService, signal: AbortSignal, ...args: readonly Json[]) => Promise<Json | undefined>;
  const own = Object.entries(definition.methods as Record<string, Method>).map(
    ([name, method]): [string, Table<'methods'>[string]] => [
      name,
      async ({ service }, args, signal) => (await method(service, signal, ...args)) ?? null,
    ],
  );
  return {
    ...Object.fromEntries(own),
    // A service without leftovers has no such method, and the runner stops asking.
    ...(definition.leftovers && {
      leftovers: async ({ service }, _, signal) => (await definition.leftovers?.(service, signal)) as Json,
    }),
    created: async ({ service }, _, signal) => [...((await definition.created?.(service, signal)) ?? [])],
    generation: async ({ service }) => definition.generation?.(service) ?? 0,
  };
}

async function startService(context: SlotContext, signal: AbortSignal): Promise<Omit<Up, typeof Symbol.asyncDispose>> {
  const { name, config, slotIndex, runId, seed, directory, journal, log, takePort } = context;
  const settings = config.services[name];
  if (!settings)
    throw new UsageError(`Cannot start the service ${name}: the configuration has none of this name`, {
      hint: `Name the module that defines it: services.${name}.definition.`,
    });
  const { url, startTimeoutMs } = settings;
  const definition = settings.speaks ? dependency(name, settings.speaks) : await loadDefinition(name, settings);
  const own: ServiceContext = {
    slotIndex,
    runId,
    seed,
    directory,
    journal,
    log,
    takePort,
    startTimeoutMs: Math.round(startTimeoutMs * config.deadlineFactor),
    prepared: url === undefined && definition.prepare ? await prepare(context, definition, settings, signal) : null,
    linkEndpoint: async () => ({ host: '127.0.0.1', port: await takePort(linkPurpose(userOf(name, config), name)) }),
  };
  const budgetMs = settings.definition === undefined ? undefined : own.startTimeoutMs;
  if (url !== undefined && !definition.use)
    throw new UsageError(`Cannot use services.${name}.url: its definition has no use()`);
  const service = await inTime(
    `${url === undefined ? 'start' : 'use'}() of the service ${name}`,
    // Twice what it has for getting ready: an end of its own has better words.
    budgetMs && budgetMs * 2,
    signal,
    async (starting) => {
      const started = await (url === undefined
        ? definition.start(own, starting)
        : definition.use?.(own, url, starting));
      // Nobody waits for it any more.
      if (started && starting !== signal && starting.aborted) await started[Symbol.asyncDispose]();
      return started as RunningService;
    },
  );
  return { definition, service, budgetMs };
}

// One that tells clients its own address leads all programs through the link of the first that uses it.
function userOf(service: string, config: SlotContext['config']): string {
  const found = programsOf(config).find(({ settings }) => settings.services.includes(service));
  return found?.name ?? 'target';
}

// The configuration has checked this already.
async function loadDefinition(name: string, { definition }: ServiceConfig): Promise<ServiceDefinition> {
  if (definition !== undefined) {
    const { loadModule } = await import('@chaos/runner');
    return (await loadModule(definition))['default'] as ServiceDefinition;
  }
  const { shippedService } = await import('@chaos/services/shipped');
  const shipped = await shippedService(name);
  if (!shipped) throw new UsageError(`Cannot start the service ${name}: none that ships with chaos has this name`);
  return shipped;
}

// A download needs the outside network, which this slot may lack.
async function prepare(
  { name, sandboxed, outside }: SlotContext,
  definition: ServiceDefinition,
  { definition: own }: ServiceConfig,
  signal: AbortSignal,
): Promise<Json> {
  if (!sandboxed) return (await definition.prepare?.({ signal })) ?? null;
  return own === undefined
    ? outside(import.meta.resolve('@chaos/services/shipped'), `prepare.${name}`, signal)
    : outside(own, 'default.prepare', signal);
}
