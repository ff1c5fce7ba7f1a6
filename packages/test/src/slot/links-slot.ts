import { LINK_FAULTS, type LinkFaultName } from '@chaos/links';
import { ChaosError, type Fault, type SlotContext, type SlotFixture, type SlotFixtureReference } from '@chaos/spec';
import { defineSlotFixture, type JsonObject } from './define-slot-fixture.js';
import { SlotLinks } from './slot-links.js';

/**
 * The slot's links: what the target reaches its services through, and tests the target. Address: by service `{ url, host, port
 * }`. Methods: `openClientLink [port]` → `{ url }` of the target, `targetIs [pid | null]`, `connections` → live
 * connections by link. Faults, each with `to`: `LINK_FAULTS` of `@chaos/links` with their options.
 */
export function linksSlot({ config, sandboxed }: Pick<SlotContext, 'config' | 'sandboxed'>): SlotFixture {
  return defineSlotFixture<SlotLinks>({
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
        (links: SlotLinks, options: JsonObject) => fault(links, name as LinkFaultName, options),
      ]),
    ),
    methods: {
      openClientLink: async (links, [port]) => ({ url: await links.openClient(port as number) }),
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

function fault({ open, backends }: SlotLinks, name: LinkFaultName, { name: _, to, ...options }: JsonObject): Fault {
  const found = typeof to === 'string' ? open.get(to) : undefined;
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
