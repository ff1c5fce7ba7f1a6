/** Every capability that can be detected. */
export const CAPABILITY_NAMES = [
  'root',
  'net-admin',
  'user-namespaces',
  'netem',
  'tbf',
  'htb',
  'nft',
  'ifb',
  'cgroup',
  'psi',
  'faketime',
  'redis-server',
  'setpriv',
  'strace',
] as const;

/** Capabilities that a machine may have or lack. */
export type CapabilityName = (typeof CAPABILITY_NAMES)[number];

/** Availability of one capability on this machine. */
export interface Capability {
  readonly available: boolean;
  /** The trial and its outcome. */
  readonly reason: string;
  /** Instructions for getting it; empty if it is available. */
  readonly fix: string;
}

/** All capabilities by name. */
export type Capabilities = Readonly<Record<CapabilityName, Capability>>;

/** An available capability, with the trial that proved it. */
export function present(reason: string): Capability {
  return { available: true, reason, fix: '' };
}

/** A missing capability, with the reason and instructions for getting it. */
export function missing(reason: string, fix: string): Capability {
  return { available: false, reason, fix };
}
