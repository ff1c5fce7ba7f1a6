import type { Match } from './match.js';

/**
 * A jitter distribution: uniform, one of iproute2's tables, or your own table (int16 values, scaled by 8192 = one
 * standard deviation; see tc-netem(8)).
 */
export type Distribution =
  'uniform' | 'normal' | 'pareto' | 'paretonormal' | 'experimental' | { readonly table: readonly number[] };

/** Holds each packet back. */
export interface Delay {
  readonly delayMs: number;
  /** Uniform: ± this. With a distribution: its standard deviation. Default 0. */
  readonly jitterMs?: number;
  /**
   * 0…1: correlation with the previous random number. netem uses only the low bits of this number, so it hardly shows.
   * Default 0.
   */
  readonly correlation?: number;
  /** Default `uniform`. */
  readonly distribution?: Distribution;
  /**
   * Keeps packets in order in spite of jitter; netem alone reorders them. Default true, or false together with
   * `reorder`.
   */
  readonly keepOrder?: boolean;
}

/** Drops each packet with the same probability. */
export interface RandomLoss {
  /** 0…1. */
  readonly lossRatio: number;
  /**
   * 0…1: correlation with the previous random number. netem then loses fewer packets than `lossRatio`, in bursts;
   * {@link BurstLoss} keeps its ratio. Default 0.
   */
  readonly correlation?: number;
  /** Marks instead of drops where the packet allows it. Default false. */
  readonly ecn?: boolean;
}

/**
 * Drops packets in bursts (Gilbert-Elliott): two states with a loss ratio each, and the probabilities to change over.
 */
export interface BurstLoss {
  readonly model: 'gilbert-elliott';
  /** Probability per packet to go from good to bad, 0…1. */
  readonly toBad: number;
  /** Probability per packet to go back; 1 / this is the mean length of a burst. Default 1 - `toBad`. */
  readonly toGood?: number;
  /** Loss ratio in the bad state. Default 1. */
  readonly lossInBad?: number;
  /** Loss ratio in the good state. Default 0. */
  readonly lossInGood?: number;
  readonly ecn?: boolean;
}

/**
 * Drops packets by netem's Markov chain of four states (tc-netem(8)): 1 received, 2 received in a burst, 3 lost in a
 * burst, 4 lost alone.
 */
export interface StateLoss {
  readonly model: 'state';
  readonly p13: number;
  /** Default 1 - p13. */
  readonly p31?: number;
  /** Default 0. */
  readonly p32?: number;
  /** Default 1. */
  readonly p23?: number;
  /** Default 0. */
  readonly p14?: number;
  readonly ecn?: boolean;
}

/** An effect on a random share of the packets. */
export interface Share {
  /** 0…1. */
  readonly ratio: number;
  /** 0…1. Default 0. */
  readonly correlation?: number;
}

/** Reorders a share of the packets: they are sent at once, ahead of delayed ones. Needs a delay. */
export interface Reorder extends Share {
  /** Every `gap`-th packet at most. Default 1: any. */
  readonly gap?: number;
}

/** Limits the throughput. */
export interface Rate {
  readonly rateBitsPerSecond: number;
  /** Qdisc that enforces the rate. Default `htb`. */
  readonly by?: 'htb' | 'tbf' | 'netem';
  /** Bytes that may be sent at once. Default: the larger of 10 ms at the rate and the kernel's minimum. */
  readonly burstBytes?: number;
  /** Packets waiting at most, for htb. Default 1000. For tbf the queue holds 400 ms. */
  readonly queuePackets?: number;
}

/** Delivers packets in bunches, as a radio link with time slots does. */
export interface Slot {
  readonly minDelayMs: number;
  /** Default `minDelayMs`. */
  readonly maxDelayMs?: number;
  /** Packets, and bytes, per slot at most. Default: no limit. */
  readonly packets?: number;
  readonly bytes?: number;
}

/**
 * Behaviour of a partition: packets are dropped silently, answered by TCP resets (ICMP port unreachable for other
 * protocols), answered by ICMP administratively prohibited, or refused by a blackhole route, which the sender sees at
 * once.
 */
export type Partition = 'drop' | 'reset' | 'icmp' | 'blackhole';

/** Effects on matching packets. Several effects of one fault act together. */
export interface NetworkFault {
  /** Packets that match any of these are affected. Default: every packet of the device. */
  readonly match?: Match | readonly Match[];
  /** Packets that match any of these are exempt. */
  readonly exclude?: Match | readonly Match[];
  /**
   * As seen from the device: `egress` leaves, `ingress` arrives. Every packet on `lo` leaves (and arrives) once per
   * direction of the connection. Default `egress`.
   */
  readonly direction?: 'egress' | 'ingress' | 'both';
  readonly delay?: Delay;
  readonly loss?: RandomLoss | BurstLoss | StateLoss;
  readonly duplicate?: Share;
  readonly reorder?: Reorder;
  readonly corrupt?: Share;
  readonly rate?: Rate;
  readonly slot?: Slot;
  readonly partition?: Partition;
  /**
   * Packets that netem holds at most. Default: 1.5 × what the rate (1 Gbit/s where there is none) sends in the longest
   * delay, at least 10000.
   */
  readonly limitPackets?: number;
  /** Repeats netem's random choices; needs Linux 6.6 and iproute2 6.6. */
  readonly seed?: number;
}
