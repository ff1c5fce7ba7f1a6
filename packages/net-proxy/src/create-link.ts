import {
  activeFault,
  checkMilliseconds,
  checkRange,
  type ActiveFault,
  type Fault,
  type Link,
  type LinkDirection,
  type LinkFaultOptions,
} from '@chaos/spec';
import type { AddOptions } from './active-toxic.js';
import type { Proxy } from './proxy.js';
import type { Toxic } from './toxic.js';
import { bandwidth } from './toxics/bandwidth.js';
import { blackhole } from './toxics/blackhole.js';
import { connectDelay } from './toxics/connect-delay.js';
import { hangUp } from './toxics/hang-up.js';
import { latency } from './toxics/latency.js';
import { limitData } from './toxics/limit-data.js';
import { refuse } from './toxics/refuse.js';
import { reset } from './toxics/reset.js';
import { slicer } from './toxics/slicer.js';
import { slowClose } from './toxics/slow-close.js';
import { timeout } from './toxics/timeout.js';

/** The two ends of a link. */
export interface LinkEnds {
  readonly from: string;
  readonly to: string;
}

/** The faults of a link that a proxy can make: all except packet faults. */
export type ProxyLink = Omit<Link, 'loss' | 'duplicate' | 'reorder' | 'corrupt'>;

/**
 * A named link whose faults act in the proxy that carries it. A link dies with its process, so its faults need no undo
 * recipe. Its methods throw `TypeError` or `RangeError` with the value for invalid options.
 */
export function createLink(proxy: Proxy, { from, to }: LinkEnds): ProxyLink {
  const { fault, whole } = linkFaults(proxy, `link ${from}→${to}`);
  return {
    from,
    to,
    cut({ mode = 'refuse', ...options } = {}) {
      if (mode !== 'refuse' && mode !== 'blackhole')
        throw new TypeError(
          `Cannot cut a link: current mode is ${JSON.stringify(mode)}, it must be refuse or blackhole`,
        );
      return mode === 'blackhole' ? fault('black hole', blackhole(), options) : whole('cut', refuse(), options);
    },
    latency: ({ latencyMs, jitterMs = 0, distribution = 'uniform', ...options }) =>
      fault(
        `latency ${latencyMs}${jitterMs === 0 ? '' : ` ± ${jitterMs}`} ms`,
        latency({ latencyMs, jitterMs, distribution }),
        options,
      ),
    bandwidth: ({ rateBitsPerSecond, ...options }) =>
      fault(`bandwidth ${rateBitsPerSecond} bit/s`, bandwidth({ bytesPerSecond: rateBitsPerSecond / 8 }), options),
    reset: (options = {}) => whole('reset', reset(), options),
    hangUp: (options = {}) => whole('hang up', hangUp(), options),
    connectDelay: ({ delayMs, ...options }) => whole(`connect delay ${delayMs} ms`, connectDelay({ delayMs }), options),
    timeout: ({ timeoutMs, ...options }) => fault(`timeout ${timeoutMs} ms`, timeout({ timeoutMs }), options),
    slowClose: ({ delayMs, ...options }) => fault(`slow close ${delayMs} ms`, slowClose({ delayMs }), options),
    slicer: ({ averageBytes, variationBytes = 0, delayMs = 0, ...options }) =>
      fault(`slices of ${averageBytes} bytes`, slicer({ averageBytes, variationBytes, delayMs }), options),
    limitData: ({ bytes, ...options }) => fault(`limit of ${bytes} bytes`, limitData({ bytes }), options),
    flap: ({ upMs, downMs, ...options }) =>
      whole(`flap ${downMs} ms down, ${upMs} ms up`, refuse(), options, { onMs: downMs, offMs: upMs }),
  };
}

type MakeFault = (what: string, toxic: Toxic, options: LinkFaultOptions, schedule?: AddOptions['schedule']) => Fault;

// `whole` is for faults of connections as a whole, which have no direction.
function linkFaults(proxy: Proxy, link: string): { readonly fault: MakeFault; readonly whole: MakeFault } {
  const fault: MakeFault = (what, toxic, { direction, toxicity, durationMs }, schedule) => {
    checkDirection(direction);
    if (toxicity !== undefined) checkRange('toxicity', toxicity, { least: 0, most: 1 });
    if (durationMs !== undefined) checkMilliseconds('durationMs', durationMs);
    const options: AddOptions = {
      direction,
      ...(toxicity !== undefined && { toxicity }),
      ...(durationMs !== undefined && { durationMs }),
      ...(schedule && { schedule }),
    };
    const words = [
      `${link} ${what}`,
      direction,
      toxicity !== undefined && `on ${toxicity * 100} % of connections`,
      durationMs !== undefined && `for ${durationMs} ms`,
    ];
    return {
      name: words.filter(Boolean).join(' '),
      ...(durationMs !== undefined && { durationMs }),
      async inject(signal): Promise<ActiveFault> {
        signal.throwIfAborted();
        const active = proxy.add(toxic, options);
        return activeFault(() => active.remove());
      },
    };
  };
  const whole: MakeFault = (what, toxic, { direction, ...options }, schedule) => {
    if (direction !== undefined)
      throw new TypeError(
        `Cannot ${what} a link in one direction: current direction is ${direction}; cut with mode blackhole has directions`,
      );
    return fault(what, toxic, options, schedule);
  };
  return { fault, whole };
}

function checkDirection(direction: LinkDirection | undefined): void {
  if (direction !== undefined && direction !== 'upstream' && direction !== 'downstream') {
    throw new TypeError(
      `Cannot break a link: current direction is ${JSON.stringify(direction)}, it must be upstream or downstream`,
    );
  }
}
