import { ChaosError } from '@chaos/spec';
import type { Executor } from '../executors/executor.js';
import { EGRESS_ROOT, tableName } from '../plan/commands/handles.js';
import { restoreWords } from './restore-words.js';
import { runCommand, tryCommand } from '../kernel/run-command.js';
import type { ShownQdisc } from './shown-qdisc.js';

/** State of a device before our first fault, as plain data. */
export interface Snapshot {
  /**
   * The words after `tc qdisc add dev X root` that bring the user's qdisc back; absent where the kernel's default was
   * in force.
   */
  readonly root?: readonly string[];
  /** The root as it was shown, to compare with when it is back. */
  readonly shown?: ShownQdisc;
  readonly hasIngress: boolean;
}

/** Qdiscs of a device. */
export async function showQdiscs(
  executor: Executor,
  device: string,
  signal: AbortSignal,
): Promise<readonly ShownQdisc[]> {
  const text = await runCommand(executor, { argv: ['tc', '-s', '-j', 'qdisc', 'show', 'dev', device] }, signal);
  return text.trim() === '' ? [] : (JSON.parse(text) as readonly ShownQdisc[]);
}

/**
 * Reads what is on a device, and whether it can be brought back.
 * @throws ChaosError `DEVICE_BUSY` where faults of another session act, `QDISC_NOT_RESTORABLE` where the user has what
 *   we could not set up again
 */
export async function takeSnapshot(executor: Executor, device: string, signal: AbortSignal): Promise<Snapshot> {
  const qdiscs = await showQdiscs(executor, device, signal);
  const root = qdiscs.find((one) => one.root === true);
  const rules = await tryCommand(executor, { argv: ['nft', 'list', 'table', 'inet', tableName(device)] }, signal);
  if (root?.handle === `${EGRESS_ROOT}:` || rules.ok)
    throw new ChaosError('DEVICE_BUSY', `Cannot use the device ${device}: faults of another session are on it`, {
      hint: 'Let that session heal. Where it was killed: chaos heal, or chaos net down.',
      data: { device },
    });
  const hasIngress = qdiscs.some(({ kind }) => kind === 'ingress' || kind === 'clsact');
  const isIngress = ({ kind }: ShownQdisc): boolean => kind === 'ingress' || kind === 'clsact';
  // Handle 0 is what the kernel gives by itself, and gives again when ours is removed.
  const own = qdiscs.filter((one) => !isIngress(one) && one.handle !== '0:');
  if (own.length === 0) return { hasIngress };
  const [first] = own;
  const words = own.length === 1 && first?.root === true ? restoreWords(first) : undefined;
  if (first === undefined || words === undefined)
    throw new ChaosError(
      'QDISC_NOT_RESTORABLE',
      `Cannot use the device ${device}: its qdisc (${own.map(({ kind, handle }) => `${kind} ${handle}`).join(', ')}) could not be set up again afterwards`,
      {
        hint: `Remove it first (tc qdisc del dev ${device} root), or use another device or a namespace.`,
        data: { device, kinds: own.map(({ kind }) => kind) },
      },
    );
  return { root: words, shown: withoutCounters(first), hasIngress };
}

/** The settings that identify a qdisc, without its counters. */
export function withoutCounters({ kind, handle, options }: ShownQdisc): ShownQdisc {
  return { kind, handle, ...(options && { options }) };
}
