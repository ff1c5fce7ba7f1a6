import type { ActiveFault, Fault, Link, LinkDirection, LinkFaultOptions, LinkFaults } from '@chaos/spec';
import type { Proxy } from './proxy.js';
import type { Toxic } from './toxic.js';
import { blackhole } from './toxics/blackhole.js';
import { latency } from './toxics/latency.js';
import { refuse } from './toxics/refuse.js';
import { reset } from './toxics/reset.js';

/** The two ends of a link. */
export interface LinkEnds {
  readonly from: string;
  readonly to: string;
}

/** The faults of a link that a proxy can make. */
export type ProxyLink = Pick<Link, 'from' | 'to' | 'cut' | 'latency' | 'reset'>;

/**
 * A named link on which faults act through the proxy that carries it. A link dies with its process, so its faults need no undo
 * recipe. Its methods throw `TypeError` or `RangeError`, which print the value, for options that make no sense.
 */
export function createLink(proxy: Proxy, { from, to }: LinkEnds): ProxyLink {
  const fault = (what: string, toxic: Toxic, direction?: LinkDirection): Fault => ({
    name: `link ${from}→${to} ${what}${direction === undefined ? '' : ` ${direction}`}`,
    async inject(signal): Promise<ActiveFault> {
      signal.throwIfAborted();
      const active = proxy.add(toxic, { direction });
      return { heal: () => active.remove(), [Symbol.asyncDispose]: () => active.remove() };
    },
  });
  return {
    from,
    to,
    cut({ mode = 'refuse', direction }: LinkFaults['cut'] & LinkFaultOptions = {}) {
      if (mode !== 'refuse' && mode !== 'blackhole') throw new TypeError(`Cannot cut a link: current mode is ${JSON.stringify(mode)}, it must be refuse or blackhole`);
      checkDirection(direction);
      if (mode === 'blackhole') return fault('black hole', blackhole(), direction);
      if (direction !== undefined) throw new TypeError(`Cannot refuse connections in one direction: current direction is ${direction}; use mode blackhole`);
      return fault('cut', refuse());
    },
    latency({ latencyMs, jitterMs = 0, direction }: LinkFaults['latency'] & LinkFaultOptions) {
      checkDirection(direction);
      const toxic = latency({ latencyMs, jitterMs });
      return fault(`latency ${latencyMs}${jitterMs === 0 ? '' : ` ± ${jitterMs}`} ms`, toxic, direction);
    },
    reset: () => fault('reset', reset()),
  };
}

function checkDirection(direction: LinkDirection | undefined): void {
  if (direction !== undefined && direction !== 'upstream' && direction !== 'downstream') {
    throw new TypeError(`Cannot break a link: current direction is ${JSON.stringify(direction)}, it must be upstream or downstream`);
  }
}
