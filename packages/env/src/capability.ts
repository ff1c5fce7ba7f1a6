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
] as const;

/** What a machine may have or lack. */
export type CapabilityName = (typeof CAPABILITY_NAMES)[number];

/** Whether something can be used here. */
export interface Capability {
  readonly available: boolean;
  /** What was tried and what came of it. */
  readonly reason: string;
  /** How to get it; empty where it is available. */
  readonly fix: string;
}

/** All capabilities by name. */
export type Capabilities = Readonly<Record<CapabilityName, Capability>>;

/** Says that it works, and what was tried. */
export function present(reason: string): Capability {
  return { available: true, reason, fix: '' };
}

/** Says that it does not work, why, and how to get it. */
export function missing(reason: string, fix: string): Capability {
  return { available: false, reason, fix };
}
