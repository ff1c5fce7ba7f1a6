/** A part of the kernel or of its tools that faults need. */
export type TcCapabilityName = 'htb' | 'tbf' | 'netem' | 'netem-seed' | 'nft' | 'ifb';

/** Whether a part can be used where the fault is to act. */
export interface TcCapability {
  readonly available: boolean;
  /** What was tried and what came of it. */
  readonly reason: string;
  /** How to get it; empty where it is available. */
  readonly fix: string;
}

/** All parts by name. */
export type TcCapabilities = Readonly<Record<TcCapabilityName, TcCapability>>;

const assumed: TcCapability = { available: true, reason: 'assumed', fix: '' };

/** What a plan assumes when it is not told: everything. */
export const ALL_CAPABILITIES: TcCapabilities = {
  htb: assumed,
  tbf: assumed,
  netem: assumed,
  'netem-seed': assumed,
  nft: assumed,
  ifb: assumed,
};
