import { defineLinkFault, type LinkFaultDefinition, type PacketEffect } from '../define-link-fault.js';

/** Options of the fault `loss`. */
export interface LossOptions {
  /** The share of the packets, 0 to 1; of bursts less than 1. */
  readonly lossRatio: number;
  /** The mean length of a burst in packets, at least 1. Default: each packet by itself. */
  readonly burstPackets?: number;
}

/** Loses a share of the packets, each by chance, or in bursts of this mean length (Gilbert-Elliott). */
export const loss: LinkFaultDefinition<LossOptions> = defineLinkFault({
  hides: () => true,
  packets: ({ lossRatio, burstPackets }) => ({
    loss: burstPackets === undefined ? { lossRatio } : burstLoss(lossRatio, burstPackets),
  }),
});

// Gilbert's model: all is lost in the bad state, whose mean length is 1 / toGood, and whose share of the time is toBad
// / (toBad + toGood).
function burstLoss(lossRatio: number, burstPackets: number): NonNullable<PacketEffect['loss']> {
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
