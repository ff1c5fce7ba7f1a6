import { LINK_FAULTS, type LinkFaultName } from '@chaos/links';
import { ChaosError, type Fault, type SlotContext, type SlotFixture, type SlotFixtureReference } from '@chaos/spec';
import { defineSlotFixture } from './define-slot-fixture.js';
import { linkKey } from './target/programs.js';
import { SlotLinks, type LinkEnd } from './links/slot-links.js';

/** The links on both sides of the process boundary. */
export interface LinksProtocol {
  /** By `from→to`. */
  readonly address: Readonly<Record<string, LinkEnd>>;
  /** The two ends of the link; the others are the options of the fault. */
  readonly faults: Readonly<Record<LinkFaultName, { readonly from: string; readonly to: string }>>;
  readonly methods: {
    /** From tests to a program. */
    openClientLink(program: string): { readonly url: string };
    /** Process of a copy of a program; `null` while there is none. */
    runs(instance: string, port: number, pid: number | null): null;
    /** Live connections by link. */
    connections(): Readonly<Record<string, number>>;
    /** Moments since then at which connections of a link were made, ms since the Unix epoch. */
    arrivals(link: string, sinceMs: number): readonly number[];
  };
}

/** The slot's links: what programs reach services and each other through, and tests programs. */
export function linksSlot({ config, sandboxed }: Pick<SlotContext, 'config' | 'sandboxed'>): SlotFixture {
  return defineSlotFixture<SlotLinks, LinksProtocol>({
    name: 'links',
    // In a sandbox the target finds its services by name.
    needs: [...config.target.services.map(serviceReference), ...(sandboxed ? ['dns'] : [])],
    async start(context, signal) {
      const links = new SlotLinks(context, signal);
      await links.openAll();
      return links;
    },
    address: ({ ends }) => Object.fromEntries(ends),
    check: async (links) => requireClean(links),
    reset: async (links) => requireClean(links),
    faults: Object.fromEntries(
      Object.keys(LINK_FAULTS).map((name) => [
        name,
        (links: SlotLinks, options: LinkRequest) => fault(links, name as LinkFaultName, options),
      ]),
    ) as Record<LinkFaultName, (links: SlotLinks, options: LinkRequest) => Fault>,
    methods: {
      openClientLink: async (links, [program]) => ({ url: await links.openClient(program) }),
      async runs(links, [instance, port, pid]) {
        await links.runs(instance, port, pid ?? undefined);
        return null;
      },
      arrivals: async ({ arrivals }, [link, sinceMs]) => (arrivals.get(link) ?? []).filter((ms) => ms >= sinceMs),
      connections: async ({ open }) =>
        Object.fromEntries([...open].map(([name, { proxy }]) => [name, proxy.connections()])),
    },
  });
}

type LinkRequest = LinksProtocol['faults'][LinkFaultName] & { readonly name: string };

// The target's services, also those that no test has named.
function serviceReference(name: string): SlotFixtureReference {
  return { module: new URL('./service-slot.js', import.meta.url).href, export: 'serviceSlot', name };
}

function fault(
  { open, backends }: SlotLinks,
  name: LinkFaultName,
  { name: _, from, to, ...options }: LinkRequest,
): Fault {
  const found = open.get(linkKey(from, to));
  if (!found)
    throw new TypeError(`Cannot break the link ${from}→${to}: known are ${[...open.keys()].join(', ') || 'none'}`);
  return backends.fault(found, name, options);
}

function requireClean({ open, backends }: SlotLinks): void {
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
