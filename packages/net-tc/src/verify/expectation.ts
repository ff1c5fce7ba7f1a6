import type { NetworkFault } from '../fault/network-fault.js';
import { resolveFault, type Effects } from '../fault/resolve-fault.js';
import type { ResolvedMatch } from '../fault/resolve-match.js';
import { meanLoss } from './mean-loss.js';

/** Expected effect of faults on connections to a port. */
export interface Expectation {
  /** Delay of a handshake, ms: one packet each way. */
  readonly delayMs: number;
  readonly jitterMs: number;
  /** Ratio of handshakes that lose either of their two packets. */
  readonly lossRatio: number;
  /** Spread of the count of lost handshakes, relative to independent losses. */
  readonly lossSpread: number;
  readonly cut: boolean;
  /** The lowest rate limit in each direction, bits per second. */
  readonly rates: { readonly to: number | undefined; readonly from: number | undefined };
  /** Effects that handshakes do not show. */
  readonly unseen: readonly string[];
}

const UNSEEN = ['duplicate', 'reorder', 'corrupt', 'slot'] as const;

/**
 * Computes the expectation for connections to `port` under faults. Hosts in matches are ignored, because the peers are
 * unknown here.
 */
export function expectation(faults: readonly NetworkFault[], port: number): Expectation {
  const hits = faults
    .map(resolveFault)
    .flatMap((fault) =>
      (['to', 'from'] as const)
        .filter((way) => meets(fault, way, port))
        .flatMap((way) =>
          Array.from({ length: fault.direction === 'both' ? 2 : 1 }, () => ({ way, ...fault.effects })),
        ),
    );
  const losses = hits.flatMap(({ loss }) => (loss ? [meanLoss(loss)] : []));
  const rate = (way: 'to' | 'from'): number | undefined => {
    const rates = hits.flatMap((hit) => (hit.way === way && hit.rate ? [hit.rate.rateBitsPerSecond] : []));
    return rates.length === 0 ? undefined : Math.min(...rates);
  };
  const unseen = UNSEEN.filter((effect) => hits.some((hit) => hit[effect] !== undefined));
  return {
    delayMs: sum(hits.map(({ delay }) => delay?.delayMs ?? 0)),
    jitterMs: sum(hits.map(({ delay }) => delay?.jitterMs ?? 0)),
    lossRatio: 1 - losses.reduce((passes, loss) => passes * (1 - (loss?.ratio ?? 0)), 1),
    lossSpread: Math.max(1, ...losses.map((loss) => loss?.spread ?? 1)),
    cut: hits.some(({ partition }) => partition !== undefined),
    rates: { to: rate('to'), from: rate('from') },
    unseen: [...unseen, ...(losses.includes(undefined) ? ['loss'] : [])],
  };
}

function meets(
  {
    match,
    exclude,
  }: {
    readonly match: readonly ResolvedMatch[];
    readonly exclude: readonly ResolvedMatch[];
    readonly effects: Effects;
  },
  way: 'to' | 'from',
  port: number,
): boolean {
  return match.some((one) => selects(one, way, port)) && !exclude.some((one) => selects(one, way, port));
}

function selects(
  { protocol, destinationPorts, sourcePorts }: ResolvedMatch,
  way: 'to' | 'from',
  port: number,
): boolean {
  if (protocol === 'udp') return false;
  const [own, other] = way === 'to' ? [destinationPorts, sourcePorts] : [sourcePorts, destinationPorts];
  return (own.length === 0 || own.some(({ from, to }) => port >= from && port <= to)) && other.length === 0;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
