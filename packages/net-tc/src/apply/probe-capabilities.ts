import { local, type Executor } from '../executors/executor.js';
import type { TcCapabilities, TcCapability, TcCapabilityName } from '../plan/tc-capabilities.js';
import { tryCommand } from './run-command.js';

const NEWER_KERNEL = 'or use a kernel that has it (Debian: linux-image-amd64 instead of a cloud image, Ubuntu: linux-modules-extra-$(uname -r)).';
/** What is tried, each in a network namespace that vanishes with it. */
const TRIALS: Readonly<Record<TcCapabilityName, { readonly argv: readonly [string, ...string[]]; readonly fix: string }>> = {
  htb: { argv: ['tc', 'qdisc', 'add', 'dev', 'lo', 'root', 'handle', '1:', 'htb'], fix: `Load the kernel module (modprobe sch_htb), ${NEWER_KERNEL}` },
  tbf: { argv: ['tc', 'qdisc', 'add', 'dev', 'lo', 'root', 'tbf', 'rate', '1mbit', 'burst', '32kbit', 'latency', '50ms'], fix: `Load the kernel module (modprobe sch_tbf), ${NEWER_KERNEL}` },
  netem: { argv: ['tc', 'qdisc', 'add', 'dev', 'lo', 'root', 'netem', 'delay', '1ms'], fix: `Load the kernel module (modprobe sch_netem), ${NEWER_KERNEL}` },
  'netem-seed': { argv: ['tc', 'qdisc', 'add', 'dev', 'lo', 'root', 'netem', 'delay', '1ms', 'seed', '1'], fix: 'Use Linux 6.6 and iproute2 6.6 or later.' },
  nft: { argv: ['nft', 'add', 'table', 'inet', 'probe'], fix: 'Install nftables (apt-get install nftables) and use a kernel that has nf_tables.' },
  ifb: { argv: ['ip', 'link', 'add', 'name', 'probe', 'type', 'ifb'], fix: `Load the kernel modules (modprobe ifb act_mirred sch_ingress), ${NEWER_KERNEL}` },
};
const known = new Map<string, Promise<TcCapabilities>>();

/**
 * Finds out by trying what can be used where the executor runs, once per place. Where namespaces cannot be made for the trials (a container
 * without SYS_ADMIN) everything counts as available, and what is missing says so when it is used.
 */
export function probeCapabilities(executor: Executor = local, signal: AbortSignal = new AbortController().signal): Promise<TcCapabilities> {
  const key = executor.prefix.join('\0');
  const before = known.get(key);
  if (before) return before;
  const result = probeAll(executor, signal);
  known.set(key, result);
  result.catch(() => known.delete(key));
  return result;
}

async function probeAll(executor: Executor, signal: AbortSignal): Promise<TcCapabilities> {
  const spaces: readonly (readonly [string, ...string[]])[] = [['unshare', '--net', '--'], ['unshare', '--user', '--map-current-user', '--keep-caps', '--net', '--']];
  let space: readonly [string, ...string[]] | undefined;
  for (const one of spaces) if (space === undefined && (await tryCommand(executor, { argv: [...one, 'true'] }, signal)).ok) space = one;
  const [program, ...words] = space ?? ['true'];
  const entries = Object.entries(TRIALS).map(async ([name, { argv, fix }]): Promise<readonly [string, TcCapability]> => {
    if (space === undefined) return [name, { available: true, reason: 'assumed: there is no namespace to try it in', fix: '' }];
    const result = await tryCommand(executor, { argv: [program, ...words, ...argv] }, signal);
    const trial = argv.join(' ');
    const why = result.notFound ? `${argv[0]} is not installed` : `${trial}: ${result.stderr.trim().split('\n')[0] ?? ''}`;
    return [name, result.ok ? { available: true, reason: `tried: ${trial}`, fix: '' } : { available: false, reason: why, fix }];
  });
  return Object.fromEntries(await Promise.all(entries)) as TcCapabilities;
}
