import { createLinkBackends, LINK_FAULTS, type LinkBackends, type LinkFaultName, type LinkPlace } from '@chaos/links';
import { isExiting } from '@chaos/env/process';
import { createProxy } from '@chaos/net-proxy';
import { ChaosError, type Fault, type SlotContext, type SlotFixture, type SlotFixtureReference } from '@chaos/spec';
import { createRandom } from '@chaos/stats';
import { defineSlotFixture, type JsonObject } from './define-slot-fixture.js';
import { endpointOf, linkPurpose, withEndpoint } from './endpoint.js';

// A type, for it is sent as JSON.
type LinkEnd = { readonly url: string; readonly host: string; readonly port: number };

interface Links extends AsyncDisposable {
  /** Near end of each link, by service. */
  readonly ends: ReadonlyMap<string, LinkEnd>;
  /** By the end that is depended on: a service, or `target`. */
  readonly open: ReadonlyMap<string, LinkPlace>;
  readonly backends: LinkBackends;
  openClientLink(port: number): Promise<string>;
  /** The process of the target; `undefined` while none runs. */
  targetIs(pid: number | undefined): Promise<void>;
}

/**
 * The slot's links: what the target reaches its services through, and tests the target. Address: by service `{ url, host, port
 * }`. Methods: `openClientLink [port]` → `{ url }` of the target, `targetIs [pid | null]`, `connections` → live
 * connections by link. Faults, each with `to`: `LINK_FAULTS` of `@chaos/links` with their options.
 */
export function linksSlot({ config, sandboxed }: Pick<SlotContext, 'config' | 'sandboxed'>): SlotFixture {
  return defineSlotFixture<Links>({
    name: 'links',
    // In a sandbox the target finds its services by name.
    needs: [...config.target.services.map(serviceReference), ...(sandboxed ? ['dns'] : [])],
    start: openLinks,
    address: ({ ends }) => Object.fromEntries(ends),
    check: async (links) => requireClean(links),
    reset: async (links) => requireClean(links),
    faults: Object.fromEntries(
      Object.keys(LINK_FAULTS).map((name) => [
        name,
        (links: Links, options: JsonObject) => fault(links, name as LinkFaultName, options),
      ]),
    ),
    methods: {
      openClientLink: async (links, [port]) => ({ url: await links.openClientLink(port as number) }),
      async targetIs(links, [pid]) {
        await links.targetIs(typeof pid === 'number' ? pid : undefined);
        return null;
      },
      connections: async ({ open }) =>
        Object.fromEntries([...open].map(([to, { proxy }]) => [to, proxy.connections()])),
    },
  });
}

// The target's services, also those that no test has named.
function serviceReference(name: string): SlotFixtureReference {
  return { module: new URL('./service-slot.js', import.meta.url).href, export: 'serviceSlot', name };
}

async function openLinks(context: SlotContext, signal: AbortSignal): Promise<Links> {
  const ends = new Map<string, LinkEnd>();
  const open = new Map<string, LinkPlace>();
  const { names } = context.sandboxed
    ? (context.address('dns') as { readonly names: Readonly<Record<string, string>> })
    : { names: {} as Readonly<Record<string, string>> };

  async function connect(
    from: string,
    to: string,
    upstream: { host: string; port: number },
    upstreamGone?: () => boolean,
  ): Promise<Omit<LinkEnd, 'url'>> {
    const name = `${from}→${to}`;
    const listen = { host: '127.0.0.1', port: await context.takePort(linkPurpose(from, to)) };
    const random = createRandom(context.seed, 'link', name);
    const proxy = await createProxy({ name, listen, upstream, random, ...(upstreamGone && { upstreamGone }) });
    open.set(to, { proxy, from, to });
    return { host: names[to] ?? listen.host, port: listen.port };
  }

  // A target that is gone refuses, as it does without the link.
  let target: number | undefined = undefined as number | undefined;
  const isTargetGone = (): boolean => target === undefined || isExiting(target);

  const backends = createLinkBackends({
    sandboxed: context.sandboxed,
    backend: context.config.network.backend,
    programs: folderOfNft(context, signal),
  });

  async function close(): Promise<void> {
    await backends[Symbol.asyncDispose]();
    const closing = [...open.values()];
    open.clear();
    await Promise.all(closing.map(({ proxy }) => proxy.close()));
  }

  try {
    for (const service of context.config.target.services) {
      const { url, protocols } = context.address(service) as { url: string; protocols: Record<string, number> };
      const end = await connect('target', service, endpointOf(url, protocols));
      ends.set(service, { url: withEndpoint(url, `${end.host}:${end.port}`), ...end });
    }
  } catch (error) {
    await close();
    throw error;
  }
  return {
    ends,
    open,
    backends,
    async openClientLink(port) {
      const before = open.get('target');
      open.delete('target');
      await before?.proxy.close();
      const end = await connect('client', 'target', { host: '127.0.0.1', port }, isTargetGone);
      return `http://${end.host}:${end.port}`;
    },
    async targetIs(pid) {
      target = pid;
      await open.get('target')?.proxy.askUpstream();
    },
    [Symbol.asyncDispose]: close,
  };
}

// Found while the services start; a failure is reported by the first fault that needs it.
async function folderOfNft({ sandboxed, outside }: SlotContext, signal: AbortSignal): Promise<string | undefined> {
  if (!sandboxed) return undefined;
  return (await outside(import.meta.resolve('@chaos/programs'), 'locateNft', signal)) as string;
}

function fault({ open, backends }: Links, name: LinkFaultName, { name: _, to, ...options }: JsonObject): Fault {
  const found = typeof to === 'string' ? open.get(to) : undefined;
  if (!found)
    throw new TypeError(
      `Cannot break a link: "to" is ${JSON.stringify(to)}, known are ${[...open.keys()].join(', ') || 'none'}`,
    );
  return backends.fault(found, name, options);
}

function requireClean({ open, backends }: Links): void {
  if (backends.active() > 0)
    throw new ChaosError(
      'LINK_BROKEN',
      `Cannot use the links: ${backends.active()} faults of packets are still in force`,
    );
  const broken = [...open.values()].filter(({ proxy }) => !proxy.isClean()).map(({ from, to }) => `${from}→${to}`);
  if (broken.length > 0)
    throw new ChaosError('LINK_BROKEN', `Cannot use the links: still broken are ${broken.join(', ')}`, {
      data: { broken },
    });
}
