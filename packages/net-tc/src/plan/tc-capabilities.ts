/** A part of the kernel or of its tools that faults need. */
export type TcCapabilityName = 'htb' | 'tbf' | 'netem' | 'netem-seed' | 'nft' | 'ifb';

/** Availability of one capability in the place where the fault is to act. */
export interface TcCapability {
  readonly available: boolean;
  /** The trial and its outcome. */
  readonly reason: string;
  /** Instructions for getting it; empty if it is available. */
  readonly fix: string;
}

/** All parts by name. */
export type TcCapabilities = Readonly<Record<TcCapabilityName, TcCapability>>;

const assumed: TcCapability = { available: true, reason: 'assumed', fix: '' };

/** Capabilities that a plan assumes by default: everything works. */
export const ALL_CAPABILITIES: TcCapabilities = {
  htb: assumed,
  tbf: assumed,
  netem: assumed,
  'netem-seed': assumed,
  nft: assumed,
  ifb: assumed,
};
