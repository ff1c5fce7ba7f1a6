import { pathToFileURL } from 'node:url';
import { activeFault, noJournal, type ActiveFault, type Journal, type JournalEntry } from '@chaos/spec';
import { local, type Executor } from '../executors/executor.js';
import type { NetworkFault } from '../fault/network-fault.js';
import { resolveFault, type ResolvedFault } from '../fault/resolve-fault.js';
import { EMPTY_LAYOUT, layoutDevice, type DeviceLayout, type DeviceSetting } from '../plan/device-layout.js';
import { resolveSetting, type DeviceOptions } from '../plan/device-options.js';
import type { TcCapabilities } from '../plan/tc-capabilities.js';
import { ifbName } from '../plan/handles.js';
import { needsRules, transition, type Transition } from '../plan/transition.js';
import { assertRestoreData } from './assert-restore-data.js';
import { currentNamespace } from './current-namespace.js';
import { distributionTables } from './distribution-tables.js';
import { drainClasses } from './drain-classes.js';
import { keepLease, type Lapse, type RenewedLease } from './lease.js';
import { packageFile } from './package-file.js';
import { probeCapabilities } from './probe-capabilities.js';
import type { RestoreData } from './restore-data.js';
import { restoreDevice } from './restore-device.js';
import { runAll } from './run-all.js';
import { tryCommand } from './run-command.js';
import { takeSnapshot } from './snapshot.js';

/** Options of {@link openShaper}. */
export interface ShaperOptions extends DeviceOptions {
  /** Place of the device. Default: this process's network namespace. */
  readonly executor?: Executor;
  /** Gets the undo recipe before anything happens. Default: nowhere. */
  readonly journal?: Journal;
  /** Capabilities known to work; default: probed, once per place. */
  readonly capabilities?: TcCapabilities;
  /** Called when the rules ran out though they should not have: what was measured meanwhile proves nothing. */
  readonly onLapse?: (lapse: Lapse) => void;
}

/** Faults on one device. */
export interface Shaper extends AsyncDisposable {
  /** Setup that is in force now. */
  readonly layout: DeviceLayout;
  /** Moments at which the kernel reported an expired lease. If there are any, the test is inconclusive. */
  readonly lapses: readonly Lapse[];
  /**
   * Adds a fault; resolves when it is in force. Other faults are not disturbed. Healing resolves when the fault's queue
   * has drained.
   */
  add(fault: NetworkFault | readonly NetworkFault[], signal?: AbortSignal): Promise<ActiveFault>;
}

const DISPOSE_TIMEOUT_MS = 30_000;
/** A queue that still holds packets after this time belongs to a link slower than any test needs. */
const MOST_DRAIN_MS = 60_000;

/**
 * Takes a device: reads what is on it, writes down how to bring that back, and refuses what could not be brought back.
 * Nothing is changed before the first fault; when the last one is healed, or at the end, the device is as before.
 *
 * @throws ChaosError `DEVICE_BUSY`, `QDISC_NOT_RESTORABLE`, `CAPABILITY_MISSING`
 */
export async function openShaper(
  options: ShaperOptions,
  signal: AbortSignal = new AbortController().signal,
): Promise<Shaper> {
  const { executor = local, journal = noJournal, onLapse = () => {} } = options;
  const capabilities = options.capabilities ?? (await probeCapabilities(executor, signal));
  const setting: DeviceSetting = resolveSetting(options, capabilities);
  const { device, lease } = setting;
  const tables = distributionTables(executor);
  const faults = new Set<ResolvedFault>();
  const retired = new Set<number>();
  const lapses: Lapse[] = [];
  let layout = EMPTY_LAYOUT;
  let held: { readonly data: RestoreData; readonly entry: JournalEntry } | undefined;
  let renewal: RenewedLease | undefined;
  let queue: Promise<unknown> = Promise.resolve();

  // One change at a time.
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = queue.then(work);
    queue = result.catch(() => {});
    return result;
  };
  const take = async (abort: AbortSignal): Promise<RestoreData> => {
    if (held) return held.data;
    const snapshot = await takeSnapshot(executor, device, abort);
    const data: RestoreData = {
      executor,
      device,
      snapshot,
      namespace: executor.prefix.length === 0 ? currentNamespace() : null,
    };
    const entry = recordUndo(data, journal);
    held = { data, entry };
    return data;
  };
  const hasRules = (one: DeviceLayout): boolean => capabilities.nft.available && needsRules(one);
  const stopRenewal = async (): Promise<void> => {
    await renewal?.[Symbol.asyncDispose]();
    renewal = undefined;
  };
  const release = async (abort: AbortSignal): Promise<void> => {
    await stopRenewal();
    if (!held) return;
    await restoreDevice(held.data, MOST_DRAIN_MS, abort);
    await tables.remove(abort);
    held.entry.settle();
    held = undefined;
    layout = EMPTY_LAYOUT;
  };
  const move = async (to: DeviceLayout, abort: AbortSignal): Promise<Transition> => {
    const { snapshot } = await take(abort);
    await tables.write(to, abort);
    if (!hasRules(to)) await stopRenewal();
    const steps = transition(layout, to, setting, snapshot);
    await runAll(executor, [...steps.prepare, ...steps.steer], abort);
    layout = to;
    for (const { layout: one } of steps.drain) retired.add(one.classMinor);
    if (lease.kind === 'renewed' && hasRules(to))
      renewal ??= await keepLease(
        executor,
        device,
        lease.timeoutMs,
        (lapse) => void (lapses.push(lapse), onLapse(lapse)),
      );
    await runAll(executor, steps.open, abort);
    return steps;
  };
  // Removes classes that no longer get traffic, once they have drained. Only the caller that heals waits for this.
  const clear = async ({ drain, clear: commands }: Transition, abort: AbortSignal): Promise<void> => {
    await drainClasses(executor, drain, MOST_DRAIN_MS, abort);
    await inTurn(async () => {
      // The device may have been given back meanwhile.
      if (held) for (const command of commands) await tryCommand(executor, command, abort);
      for (const { layout: one } of drain) retired.delete(one.classMinor);
    });
  };
  const layoutFor = (all: Iterable<ResolvedFault>): DeviceLayout => layoutDevice([...all], setting, layout, retired);

  const removeAll = async (own: readonly ResolvedFault[], abort: AbortSignal): Promise<void> => {
    const steps = await inTurn(async () => {
      if (!own.some((fault) => faults.has(fault))) return undefined;
      for (const fault of own) faults.delete(fault);
      return await move(layoutFor(faults), abort);
    });
    if (steps) await clear(steps, abort);
    await inTurn(async () => {
      if (faults.size === 0) await release(abort);
    });
  };
  return {
    get layout() {
      return layout;
    },
    lapses,
    async add(given, abort = new AbortController().signal) {
      const own = (Array.isArray(given) ? (given as readonly NetworkFault[]) : [given as NetworkFault]).map(
        resolveFault,
      );
      const steps = await inTurn(async () => {
        const to = layoutFor([...faults, ...own]);
        try {
          const done = await move(to, abort);
          for (const fault of own) faults.add(fault);
          return done;
        } catch (error) {
          await undo(to);
          throw error;
        }
      });
      void clear(steps, new AbortController().signal).catch(() => {});
      const heal = (): Promise<void> => removeAll(own, AbortSignal.timeout(DISPOSE_TIMEOUT_MS + MOST_DRAIN_MS));
      return activeFault(heal);
    },
    [Symbol.asyncDispose]: () => removeAll([...faults], AbortSignal.timeout(DISPOSE_TIMEOUT_MS + MOST_DRAIN_MS)),
  };

  // A change failed half way: remove the new parts. Faults that acted before are untouched, because the rules change
  // last and as a whole.
  async function undo(to: DeviceLayout): Promise<void> {
    const abort = AbortSignal.timeout(DISPOSE_TIMEOUT_MS);
    if (faults.size === 0 || layout === to) return await release(abort);
    const { steer, clear: commands } = transition(to, layout, setting, (await take(abort)).snapshot);
    for (const command of [...(capabilities.nft.available ? [] : steer), ...commands])
      await tryCommand(executor, command, abort);
    const hasRoot = async (name: string): Promise<boolean> =>
      (await tryCommand(executor, { argv: ['tc', 'qdisc', 'show', 'dev', name] }, abort)).stdout.startsWith(
        'qdisc htb ca0',
      );
    layout = {
      ...layout,
      egress: { ...layout.egress, hasRoot: await hasRoot(device) },
      ingress: { ...layout.ingress, hasRoot: await hasRoot(ifbName(device)) },
    };
  }
}

function recordUndo(data: RestoreData, journal: Journal): JournalEntry {
  // Reject data that the healer would refuse, before the device is changed.
  if (journal !== noJournal) assertRestoreData(data);
  return journal.record(
    {
      kind: 'call',
      module: pathToFileURL(packageFile('apply/heal-device.js')).href,
      export: 'healDevice',
      // Plain data: it goes through JSON.
      data: JSON.parse(JSON.stringify(data)) as never,
    },
    `faults on ${data.device} ${data.executor.name}`,
  );
}
