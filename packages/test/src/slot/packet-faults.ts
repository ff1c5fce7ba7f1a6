import type { NetworkFault } from '@chaos/net-tc';
import type { LinkFaultOptions, LinkFaults } from '@chaos/spec';
import type { LinkFaultName } from '../link-faults.js';

type Effects = Omit<NetworkFault, 'match' | 'exclude' | 'direction'>;
type OptionsOf<Name extends LinkFaultName> = LinkFaults[Name] & LinkFaultOptions;

/**
 * Faults of a link that packets can have, as the kernel is told. The others are made of connections or byte streams,
 * which only a proxy sees.
 */
const EFFECTS: { readonly [Name in LinkFaultName]?: (options: OptionsOf<Name>) => Effects | undefined } = {
  // Refusing at once, idle connections too, is not in the power of packets.
  cut: ({ mode }) => (mode === 'blackhole' ? { partition: 'drop' } : undefined),
  latency: ({ latencyMs, jitterMs = 0, distribution = 'uniform' }) => ({
    delay: { delayMs: latencyMs, jitterMs, distribution },
  }),
  bandwidth: ({ rateBitsPerSecond }) => ({ rate: { rateBitsPerSecond } }),
  loss: ({ lossRatio, burstPackets }) => ({
    loss: burstPackets === undefined ? { lossRatio } : burstLoss(lossRatio, burstPackets),
  }),
  duplicate: ({ duplicateRatio }) => ({ duplicate: { ratio: duplicateRatio } }),
  reorder: ({ reorderRatio, delayMs }) => ({ reorder: { ratio: reorderRatio }, delay: { delayMs } }),
  corrupt: ({ corruptRatio }) => ({ corrupt: { ratio: corruptRatio } }),
};

/**
 * The fault on the packets of the connections to a port of the loopback device; `undefined` where packets cannot have
 * it.
 */
export function packetFault(name: LinkFaultName, options: object, port: number): readonly NetworkFault[] | undefined {
  const { direction } = options as LinkFaultOptions;
  const effects = (EFFECTS[name] as ((options: object) => Effects | undefined) | undefined)?.(options);
  if (!effects) return undefined;
  const upstream = { match: { protocol: 'tcp', destinationPorts: [port] }, ...effects } as const;
  const downstream = { match: { protocol: 'tcp', sourcePorts: [port] }, ...effects } as const;
  // Two faults, for each direction is a line of its own: a shared one would halve a bandwidth.
  return [...(direction === 'downstream' ? [] : [upstream]), ...(direction === 'upstream' ? [] : [downstream])];
}

// Gilbert's model: all is lost in the bad state, whose mean length is 1 / toGood, and whose share of the time is toBad
// / (toBad + toGood).
function burstLoss(lossRatio: number, burstPackets: number): NonNullable<NetworkFault['loss']> {
  if (!(lossRatio >= 0 && lossRatio < 1))
    throw new RangeError(
      `Cannot lose packets in bursts: current lossRatio is ${lossRatio}, 0 to less than 1 is allowed`,
    );
  if (!(burstPackets >= 1))
    throw new RangeError(
      `Cannot lose packets in bursts: current burstPackets is ${burstPackets}, at least 1 is needed`,
    );
  const toGood = 1 / burstPackets;
  return { model: 'gilbert-elliott', toBad: Math.min(1, (lossRatio * toGood) / (1 - lossRatio)), toGood };
}
