import { LINK_FAULTS, type LinkFaultName } from '@chaos/links';
import { ChaosError, type Fault, type SlotContext, type SlotFixture, type SlotFixtureReference } from '@chaos/spec';
import { defineSlotFixture } from './define-slot-fixture.js';
import { SlotLinks, type LinkEnd } from './slot-links.js';

/** The links on both sides of the process boundary. */
export interface LinksProtocol {
  /** By service. */
  readonly address: Readonly<Record<string, LinkEnd>>;
  /** `to` is the end that is depended on; the others are the options of the fault. */
  readonly faults: Readonly<Record<LinkFaultName, { readonly to: string }>>;
  readonly methods: {
    /** To the target, which listens on this port. */
    openClientLink(port: number): { readonly url: string };
    /** Process of the target; `null` while there is none. */
    targetIs(pid: number | null): null;
    /** Live connections by link. */
    connections(): Readonly<Record<string, number>>;
  };
}

/** The slot's links: what the target reaches its services through, and tests the target. */
export function linksSlot({ config, sandboxed }: Pick<SlotContext, 'config' | 'sandboxed'>): SlotFixture {
  return defineSlotFixture<SlotLinks, LinksProtocol>({
    name: 'links',
    // In a sandbox the target finds its services by name.
    needs: [...config.target.services.map(serviceReference), ...(sandboxed ? ['dns'] : [])],
    async start(context, signal) {
      const links = new SlotLinks(context, signal);
      await links.openServices();
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
      openClientLink: async (links, [port]) => ({ url: await links.openClient(port) }),
      async targetIs(links, [pid]) {
        await links.targetIs(pid ?? undefined);
        return null;
      },
      connections: async ({ open }) =>
        Object.fromEntries([...open].map(([to, { proxy }]) => [to, proxy.connections()])),
    },
  });
}

type LinkRequest = LinksProtocol['faults'][LinkFaultName] & { readonly name: string };

// The target's services, also those that no test has named.
function serviceReference(name: string): SlotFixtureReference {
  return { module: new URL('./service-slot.js', import.meta.url).href, export: 'serviceSlot', name };
}

function fault({ open, backends }: SlotLinks, name: LinkFaultName, { name: _, to, ...options }: LinkRequest): Fault {
  const found = open.get(to);
  if (!found)
    throw new TypeError(
      `Cannot break a link: "to" is ${JSON.stringify(to)}, known are ${[...open.keys()].join(', ') || 'none'}`,
    );
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
