import type { Proxy } from '@chaos/net-proxy';
import { CapabilityMissing } from '@chaos/spec';
import { countMet } from './backends/count-met.js';
import { linkOf, type Link, type LinkEnds } from './link.js';
import { proxyFault } from './backends/proxy-fault.js';

/**
 * A named link on which faults act through the proxy that carries it.
 *
 * Its methods throw `TypeError` or `RangeError`, which print the value, for options that make no sense, and a
 * ChaosError `CAPABILITY_MISSING` for faults of packets (`loss`, `duplicate`, `reorder`, `corrupt`): a proxy sees no
 * packets.
 *
 * @example
 *   const link = createLink(proxy, { from: 'service', to: 'postgres' });
 *   await using slow = await link.latency({ latencyMs: 50 }).inject(AbortSignal.timeout(5000));
 */
export function createLink(proxy: Proxy, ends: LinkEnds): Link {
  return linkOf(ends, (name, options) => {
    const fault = proxyFault(proxy, ends, name, options);
    if (fault) return countMet(fault, { proxy, name, options, backend: 'proxy', sandboxed: false });
    throw new CapabilityMissing(`link.${name}`, 'it is a fault of packets, which a proxy does not see');
  });
}
