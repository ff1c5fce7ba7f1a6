import type { Attempt, AttemptResult } from './attempt.js';
import type { NamespaceTrial } from './try-in-namespace.js';

/**
 * Command prefix that runs a command in its own network namespace; the kernel removes the namespace with its last
 * process.
 */
export const USER_NAMESPACE = ['unshare', '--user', '--map-current-user', '--keep-caps', '--net'] as const;
const ROOT_NAMESPACE = ['unshare', '--net'] as const;

/** Command prefix that enters a throw-away network namespace on this machine, and the results of both trials. */
export interface NamespaceProbe {
  readonly argv: typeof USER_NAMESPACE | typeof ROOT_NAMESPACE | undefined;
  readonly user: AttemptResult;
  readonly failure: string;
}

/**
 * Tries a namespace made by root, then one in a user namespace. Both need the kernel's support, not just the command.
 */
export async function probeNamespace(attempt: Attempt): Promise<NamespaceProbe> {
  const [root, user] = await Promise.all([attempt([...ROOT_NAMESPACE, 'true']), attempt([...USER_NAMESPACE, 'true'])]);
  const argv = root.ok ? ROOT_NAMESPACE : user.ok ? USER_NAMESPACE : undefined;
  return { argv, user, failure: user.failure };
}

/** `sh` commands for each capability that is tried inside a namespace; `lo` is the namespace's own. */
export const NAMESPACE_TRIALS: Readonly<Record<'net-admin' | 'netem' | 'tbf' | 'htb' | 'nft' | 'ifb', NamespaceTrial>> =
  {
    'net-admin': { script: 'ip link set lo up', fix: 'Install iproute2 (apt-get install iproute2).' },
    netem: {
      script: 'tc qdisc add dev lo root netem delay 1ms',
      fix: 'Load the kernel module (modprobe sch_netem; Debian: linux-image-amd64 instead of a cloud image, Ubuntu: linux-modules-extra-$(uname -r)), or use a kernel that has it.',
    },
    tbf: {
      script: 'tc qdisc add dev lo root tbf rate 1mbit burst 32kbit latency 50ms',
      fix: 'Load the kernel module (modprobe sch_tbf), or use a kernel that has it.',
    },
    htb: {
      script:
        'tc qdisc add dev lo root handle 1: htb default 1 && tc class add dev lo parent 1: classid 1:1 htb rate 1mbit',
      fix: 'Load the kernel module (modprobe sch_htb), or use a kernel that has it.',
    },
    nft: {
      script:
        "nft 'add table inet probe; add chain inet probe out { type filter hook output priority 0; }; add rule inet probe out numgen random mod 100 < 10 drop'",
      fix: 'Install nftables (apt-get install nftables) and use a kernel that has nf_tables.',
    },
    ifb: {
      script:
        'ip link add ifb0 type ifb && ip link set ifb0 up && tc qdisc add dev lo ingress && tc filter add dev lo parent ffff: protocol ip u32 match u32 0 0 action mirred egress redirect dev ifb0',
      fix: 'Load the kernel modules (modprobe ifb act_mirred sch_ingress), or use a kernel that has them.',
    },
  };
