import { setTimeout as delay } from 'node:timers/promises';
import { ChaosError } from '@chaos/spec';
import type { Executor } from '../executors/executor.js';
import { BLACKHOLE_PREF, EGRESS_ROOT, FILTER_BANKS, FILTER_PREF, ifbName, MOST_FILTERS, tableName } from '../plan/handles.js';
import { currentNamespace } from './current-namespace.js';
import { runCommand, tryCommand, type CommandResult } from './run-command.js';
import { showQdiscs, withoutCounters, type Snapshot } from './snapshot.js';

/** All that is needed to make a device as it was, as plain data. */
export interface RestoreData {
  readonly executor: Executor;
  readonly device: string;
  readonly snapshot: Snapshot;
  /** The network namespace that a local executor acted in; `null`: whichever this is, or the executor enters it. */
  readonly namespace: string | null;
}

const POLL_MS = 10;
const HEAL_TIMEOUT_MS = 8000;
/** After the death of the owner: long enough for usual delays, and gone within a second. */
const HEAL_DRAIN_MS = 300;
/** It is not there any more, or never can have been. */
const GONE = /Operation not supported|No such|not find|does not exist|cannot open|Cannot open|No such process|not found|Invalid handle|Cannot delete qdisc with handle of zero/i;

/** Undoes everything on a device, for undo recipes: what is gone already is passed over. In another namespace than the faults there is nothing to undo: they went with theirs. */
export async function healDevice(data: RestoreData): Promise<void> {
  if (data.namespace !== null && data.namespace !== currentNamespace()) return;
  await restoreDevice(data, HEAL_DRAIN_MS, AbortSignal.timeout(HEAL_TIMEOUT_MS));
}

/**
 * Makes a device as it was: rules first (from then on packets go their usual way), then the queues when they are empty, at the latest
 * after `drainMs`. Twice is harmless.
 *
 * @throws ChaosError `QDISC_NOT_RESTORED` when the user's qdisc is not again what it was
 */
export async function restoreDevice({ executor, device, snapshot }: RestoreData, drainMs: number, signal: AbortSignal): Promise<void> {
  const attempt = (argv: readonly [string, ...string[]]): Promise<CommandResult> => tryCommand(executor, { argv }, signal);
  const must = async (argv: readonly [string, ...string[]]): Promise<void> => {
    const result = await attempt(argv);
    if (!result.ok && !result.notFound && !GONE.test(result.stderr)) await runCommand(executor, { argv }, signal);
  };
  await must(['nft', 'delete', 'table', 'inet', tableName(device)]);
  for (const family of ['-4', '-6']) while ((await attempt(['ip', family, 'rule', 'del', 'pref', String(BLACKHOLE_PREF)])).ok);
  for (const pref of await ourFilters(executor, device, signal)) await must(['tc', 'filter', 'del', 'dev', device, 'parent', 'ffff:', 'pref', String(pref)]);

  const isOurs = async (): Promise<boolean> => (await qdiscsOf(executor, device, signal)).some(({ handle, root }) => root === true && handle === `${EGRESS_ROOT}:`);
  if (await isOurs()) {
    await must(['tc', 'filter', 'del', 'dev', device, 'parent', `${EGRESS_ROOT}:`]);
    await untilEmpty(executor, device, drainMs, signal);
    await must(['tc', 'qdisc', 'del', 'dev', device, 'root']);
    if (snapshot.root) await runCommand(executor, { argv: ['tc', 'qdisc', 'add', 'dev', device, 'root', ...snapshot.root] }, signal);
  }
  const ifb = ifbName(device);
  if ((await attempt(['ip', 'link', 'show', 'dev', ifb])).ok) {
    await untilEmpty(executor, ifb, drainMs, signal);
    if (!snapshot.hasIngress) await must(['tc', 'qdisc', 'del', 'dev', device, 'ingress']);
    await must(['ip', 'link', 'del', 'dev', ifb]);
  }
  await compare(executor, device, snapshot, signal);
}

async function ourFilters(executor: Executor, device: string, signal: AbortSignal): Promise<readonly number[]> {
  const { stdout } = await tryCommand(executor, { argv: ['tc', 'filter', 'show', 'dev', device, 'parent', 'ffff:'] }, signal);
  const prefs = [...stdout.matchAll(/\bpref (\d+)\b/g)].map(([, pref]) => Number(pref));
  return [...new Set(prefs)].filter((pref) => pref >= FILTER_PREF && pref < FILTER_PREF + FILTER_BANKS * MOST_FILTERS);
}

async function qdiscsOf(executor: Executor, device: string, signal: AbortSignal): ReturnType<typeof showQdiscs> {
  try {
    return await showQdiscs(executor, device, signal);
  } catch (error) {
    // The device, the namespace or the host is gone, and with it what was on it.
    if (GONE.test((error as Error).message)) return [];
    throw error;
  }
}

/** Waits until nothing is queued on a device, for `drainMs` at most. */
export async function untilEmpty(executor: Executor, device: string, drainMs: number, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + drainMs;
  while (performance.now() < deadline) {
    const queued = (await qdiscsOf(executor, device, signal)).reduce((sum, { qlen = 0 }) => sum + qlen, 0);
    if (queued === 0) return;
    await delay(POLL_MS, undefined, { signal });
  }
}

async function compare(executor: Executor, device: string, snapshot: Snapshot, signal: AbortSignal): Promise<void> {
  if (snapshot.shown === undefined) return;
  const root = (await qdiscsOf(executor, device, signal)).find((one) => one.root === true);
  if (root === undefined) return;
  const now = JSON.stringify(withoutCounters(root));
  const before = JSON.stringify(snapshot.shown);
  if (now !== before) throw new ChaosError('QDISC_NOT_RESTORED', `Cannot restore the qdisc of ${device}: it was ${before}, and is ${now}`, { hint: 'Set it up again by hand.' });
}
