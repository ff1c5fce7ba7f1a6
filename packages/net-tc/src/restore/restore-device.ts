import { setTimeout as delay } from 'node:timers/promises';
import { ChaosError } from '@chaos/spec';
import type { Executor } from '../executors/executor.js';
import {
  BLACKHOLE_PREF,
  EGRESS_ROOT,
  FILTER_BANKS,
  FILTER_PREF,
  ifbName,
  MOST_FILTERS,
  tableName,
} from '../plan/commands/handles.js';
import { assertRestoreData } from './assert-restore-data.js';
import { currentNamespace } from '../kernel/current-namespace.js';
import { explain, tryCommand, type CommandResult } from '../kernel/run-command.js';
import type { RestoreData } from './restore-data.js';
import type { ShownQdisc } from './shown-qdisc.js';
import { withoutCounters, type Snapshot } from './snapshot.js';

const POLL_MS = 10;
const HEAL_TIMEOUT_MS = 8000;
/** After the death of the owner: long enough for usual delays, and gone within a second. */
const HEAL_DRAIN_MS = 300;
interface PlacedQdisc extends ShownQdisc {
  readonly dev: string;
}

const UNSUPPORTED = /Operation not supported/i;
/** The object is gone already, or never existed. */
const GONE =
  /Operation not supported|No such|not find|does not exist|cannot open|Cannot open|No such process|not found|Invalid handle|Cannot delete qdisc with handle of zero/i;

/**
 * Undoes everything on a device, for undo recipes: what is gone already is passed over. In another namespace than the
 * faults there is nothing to undo: they went with theirs.
 *
 * @throws TypeError for data that no session of ours can have written down
 */
export async function healDevice(data: RestoreData): Promise<void> {
  assertRestoreData(data);
  if (data.namespace !== null && data.namespace !== currentNamespace()) return;
  await restoreDevice(data, HEAL_DRAIN_MS, AbortSignal.timeout(HEAL_TIMEOUT_MS));
}

/**
 * Makes a device as it was: rules first (from then on packets go their usual way), then the queues when they are empty,
 * at the latest after `drainMs`. Twice is harmless. As few processes as can be: after the death of an owner every one
 * counts.
 *
 * @throws ChaosError `QDISC_NOT_RESTORED` when it is not again what it was
 */
export async function restoreDevice(
  { executor, device, snapshot }: RestoreData,
  drainMs: number,
  signal: AbortSignal,
): Promise<void> {
  const attempt = (argv: readonly [string, ...string[]]): Promise<CommandResult> =>
    tryCommand(executor, { argv }, signal);
  const ifb = ifbName(device);
  const rules = await attempt(['nft', 'delete', 'table', 'inet', tableName(device)]);
  // A missing permission must not look like a successful restore.
  if (!rules.ok && !rules.notFound && !GONE.test(rules.stderr))
    throw explain(executor, { argv: ['nft', 'delete', 'table', 'inet', tableName(device)] }, rules);
  const [qdiscs] = await Promise.all([qdiscsOf(executor, signal), removeBlackholes(executor, signal)]);
  const ours = ownOf(qdiscs, device);
  if (ours.length === 0) return;
  if (snapshot.hasIngress)
    for (const pref of await ourFilters(executor, device, signal))
      await attempt(['tc', 'filter', 'del', 'dev', device, 'parent', 'ffff:', 'pref', String(pref)]);
  // Filters keep sending packets to the ifb until they are deleted.
  if (rules.notFound || UNSUPPORTED.test(rules.stderr))
    await attempt(['tc', 'filter', 'del', 'dev', device, 'parent', `${EGRESS_ROOT}:`]);
  const hasRoot = ours.some(({ dev, root }) => dev === device && root === true);
  const hasIfb = ours.some(({ dev }) => dev === ifb);
  // Nothing new comes to the ifb from here on.
  if (hasIfb && !snapshot.hasIngress) await attempt(['tc', 'qdisc', 'del', 'dev', device, 'ingress']);
  if (ours.some(({ qlen = 0 }) => qlen > 0)) await untilEmpty(executor, device, drainMs, signal);
  const steps = hasRoot
    ? [
        ['qdisc', 'del', 'dev', device, 'root'],
        ...(snapshot.root ? [['qdisc', 'add', 'dev', device, 'root', ...snapshot.root]] : []),
      ]
    : [];
  if (steps.length > 0)
    await tryCommand(
      executor,
      { argv: ['tc', '-force', '-batch', '-'], stdin: steps.map((words) => `${words.join(' ')}\n`).join('') },
      signal,
    );
  if (hasIfb) await attempt(['ip', 'link', 'del', 'dev', ifb]);
  compare(await qdiscsOf(executor, signal), device, snapshot);
}

function ownOf(qdiscs: readonly PlacedQdisc[], device: string): readonly PlacedQdisc[] {
  const ifb = ifbName(device);
  const isRooted = qdiscs.some(
    ({ dev, root, handle }) => dev === device && root === true && handle === `${EGRESS_ROOT}:`,
  );
  return qdiscs.filter(
    ({ dev, kind }) => dev === ifb || (isRooted && dev === device && kind !== 'ingress' && kind !== 'clsact'),
  );
}

async function removeBlackholes(executor: Executor, signal: AbortSignal): Promise<void> {
  const remove = async (family: string): Promise<void> => {
    const { stdout } = await tryCommand(executor, { argv: ['ip', family, 'rule', 'show'] }, signal);
    const count = stdout.split('\n').filter((line) => line.startsWith(`${BLACKHOLE_PREF}:`)).length;
    for (let index = 0; index < count; index++)
      await tryCommand(executor, { argv: ['ip', family, 'rule', 'del', 'pref', String(BLACKHOLE_PREF)] }, signal);
  };
  await Promise.all(['-4', '-6'].map(remove));
}

async function ourFilters(executor: Executor, device: string, signal: AbortSignal): Promise<readonly number[]> {
  const { stdout } = await tryCommand(
    executor,
    { argv: ['tc', 'filter', 'show', 'dev', device, 'parent', 'ffff:'] },
    signal,
  );
  const prefs = [...stdout.matchAll(/\bpref (\d+)\b/g)].map(([, pref]) => Number(pref));
  return [...new Set(prefs)].filter((pref) => pref >= FILTER_PREF && pref < FILTER_PREF + FILTER_BANKS * MOST_FILTERS);
}

/**
 * Shows the qdiscs of all devices with one process. Empty if the namespace or the host is gone, since its qdiscs went
 * with it.
 */
async function qdiscsOf(executor: Executor, signal: AbortSignal): Promise<readonly PlacedQdisc[]> {
  const result = await tryCommand(executor, { argv: ['tc', '-s', '-j', 'qdisc', 'show'] }, signal);
  if (result.ok) return result.stdout.trim() === '' ? [] : (JSON.parse(result.stdout) as readonly PlacedQdisc[]);
  if (GONE.test(result.stderr)) return [];
  throw explain(executor, { argv: ['tc', '-s', '-j', 'qdisc', 'show'] }, result);
}

// Waits until none of our queues holds a packet.
async function untilEmpty(executor: Executor, device: string, drainMs: number, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + drainMs;
  while (performance.now() < deadline) {
    if (ownOf(await qdiscsOf(executor, signal), device).every(({ qlen = 0 }) => qlen === 0)) return;
    await delay(POLL_MS, undefined, { signal });
  }
}

function compare(qdiscs: readonly PlacedQdisc[], device: string, snapshot: Snapshot): void {
  const root = qdiscs.find(({ dev, root: isRoot }) => dev === device && isRoot === true);
  const now = root && JSON.stringify(withoutCounters(root));
  const before = snapshot.shown && JSON.stringify(snapshot.shown);
  const isLeft = ownOf(qdiscs, device).length > 0;
  if (root === undefined || (!isLeft && (before === undefined || now === before))) return;
  throw new ChaosError(
    'QDISC_NOT_RESTORED',
    `Cannot restore the qdisc of ${device}: it was ${before ?? "the kernel's default"}, and is ${now}`,
    { hint: 'Set it up again by hand.' },
  );
}
