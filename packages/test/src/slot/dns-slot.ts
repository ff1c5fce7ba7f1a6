import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { CapabilityMissing, makeFolder, type SlotContext, type SlotFixture } from '@chaos/spec';
import type { DnsServer } from '@chaos/services/dns';
import { defineSlotFixture } from './define-slot-fixture.js';

interface Names extends AsyncDisposable {
  readonly dns: DnsServer;
  /** Command prefix that makes the target use this name server. */
  readonly wrap: readonly string[];
}

const DOMAIN = 'chaos.test';

type FaultName = 'fail' | 'slow' | 'wrong' | 'silent' | 'flap';

/** The name service on both sides of the process boundary. */
export interface DnsProtocol {
  /** Names by service, and the command prefix that resolves them; both empty where this is unavailable. */
  readonly address: { readonly names: Readonly<Record<string, string>>; readonly wrap: readonly string[] };
  /** Options of `DnsServer`, for one service or for all. */
  readonly faults: Readonly<Record<FaultName, { readonly service?: string }>>;
  readonly methods: { queries(service?: string | null): number };
}

/** Names by which the target of a sandboxed slot reaches its services. */
export function dnsSlot({ config }: Pick<SlotContext, 'config'>): SlotFixture {
  return defineSlotFixture<Names, DnsProtocol>({
    name: 'dns',
    needs: [],
    start: (context, signal) => start(context, config.target.services, signal),
    address: ({ dns, wrap }) => ({ names: wrap.length > 0 ? namesOf(Object.keys(dns.names)) : {}, wrap: [...wrap] }),
    check: ({ dns }) => dns.ready(),
    reset: ({ dns }) => dns.reset(),
    faults: {
      fail: ({ dns }, { name: _, ...options }) => dns.fail(named(options)),
      slow: ({ dns }, { name: _, ...options }) => dns.slow(named(options)),
      wrong: ({ dns }, { name: _, ...options }) => dns.wrong(named(options)),
      silent: ({ dns }, { name: _, ...options }) => dns.silent(named(options)),
      flap: ({ dns }, { name: _, ...options }) => dns.flap(named(options)),
    },
    methods: {
      queries: async ({ dns }, [service]) =>
        dns.queries(service === undefined || service === null ? undefined : nameOf(service)),
    },
  });
}

async function start(
  { sandboxed, directory, log }: SlotContext,
  services: readonly string[],
  signal: AbortSignal,
): Promise<Names> {
  if (!sandboxed)
    throw new CapabilityMissing('dns', 'the slot has no network namespace of its own', {
      hint: 'See network.sandbox in the configuration, and `chaos doctor`.',
    });
  const { resolveThrough, startDns } = await import('@chaos/services/dns');
  const dns = await startDns({ names: Object.fromEntries(services.map((service) => [nameOf(service), '127.0.0.1'])) });
  const running = { dns, [Symbol.asyncDispose]: () => dns[Symbol.asyncDispose]() };
  try {
    makeFolder(directory, 0o755);
    const wrap = await resolveThrough(dns.host, directory);
    await promisify(execFile)(wrap[0], [...wrap.slice(1), 'true'], { signal });
    return { ...running, wrap };
  } catch (error) {
    if (signal.aborted) await running[Symbol.asyncDispose]();
    signal.throwIfAborted();
    // The slot works without names, too; only tests that request them do not.
    log(`no mount namespace for a resolv.conf of its own: ${(error as Error).message}`);
    return { ...running, wrap: [] };
  }
}

function nameOf(service: string): string {
  return `${service}.${DOMAIN}`;
}

function namesOf(names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name) => [name.slice(0, -DOMAIN.length - 1), name]));
}

// Tests name services; the `name` in the request itself is the fault's.
function named({ service, ...options }: DnsProtocol['faults'][FaultName]): never {
  return (service === undefined ? options : { ...options, name: nameOf(service) }) as never;
}
