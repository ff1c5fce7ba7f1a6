import { activeFault, noJournal, type ActiveFault, type Journal } from '@chaos/spec';
import { local, type Executor } from '../executors/executor.js';
import type { NetworkFault } from '../fault/network-fault.js';
import { resolveFault, type ResolvedFault } from '../fault/resolve-fault.js';
import type { DeviceLayout } from '../plan/device-layout.js';
import { resolveSetting, type DeviceOptions } from '../plan/device-options.js';
import type { TcCapabilities } from '../plan/tc-capabilities.js';
import type { Transition } from '../plan/transition.js';
import { DeviceHold } from './device-hold.js';
import { DeviceRules, MOST_DRAIN_MS } from './device-rules.js';
import type { Lapse } from '../lease/lease.js';
import { probeCapabilities } from '../kernel/probe-capabilities.js';

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

/** Longer than a device takes to be given back, apart from its queues. */
const DISPOSE_TIMEOUT_MS = 30_000;

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
  const setting = resolveSetting(options, capabilities);
  const hold = new DeviceHold(executor, setting.device, journal);
  return new DeviceShaper(new DeviceRules({ executor, setting, capabilities, hold, onLapse }));
}

/** The set of faults on a device, changed one at a time. */
class DeviceShaper implements Shaper {
  readonly #rules: DeviceRules;
  readonly #faults = new Set<ResolvedFault>();
  #queue: Promise<unknown> = Promise.resolve();

  constructor(rules: DeviceRules) {
    this.#rules = rules;
  }

  get layout(): DeviceLayout {
    return this.#rules.layout;
  }

  get lapses(): readonly Lapse[] {
    return this.#rules.lapses;
  }

  async add(
    given: NetworkFault | readonly NetworkFault[],
    signal: AbortSignal = new AbortController().signal,
  ): Promise<ActiveFault> {
    const all = Array.isArray(given) ? (given as readonly NetworkFault[]) : [given as NetworkFault];
    const own = all.map(resolveFault);
    const steps = await this.#inTurn(async () => {
      const to = this.#rules.layoutFor([...this.#faults, ...own]);
      try {
        const done = await this.#rules.move(to, signal);
        for (const fault of own) this.#faults.add(fault);
        return done;
      } catch (error) {
        await this.#undo(to);
        throw error;
      }
    });
    void this.#clear(steps, new AbortController().signal).catch(() => {});
    return activeFault(() => this.#remove(own));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#remove([...this.#faults]);
  }

  async #remove(own: readonly ResolvedFault[]): Promise<void> {
    const signal = AbortSignal.timeout(DISPOSE_TIMEOUT_MS + MOST_DRAIN_MS);
    const steps = await this.#inTurn(async () => {
      if (!own.some((fault) => this.#faults.has(fault))) return undefined;
      for (const fault of own) this.#faults.delete(fault);
      return await this.#rules.move(this.#rules.layoutFor(this.#faults), signal);
    });
    if (steps) await this.#clear(steps, signal);
    await this.#inTurn(async () => {
      if (this.#faults.size === 0) await this.#rules.release(signal);
    });
  }

  // Removes the classes that traffic has left. Only a healing waits for it.
  async #clear({ drain, clear }: Transition, signal: AbortSignal): Promise<void> {
    await this.#rules.drain(drain, signal);
    await this.#inTurn(() => this.#rules.clear(drain, clear, signal));
  }

  // A change that failed half way: the new part goes. The faults from before still act, for rules change as a whole
  // and last.
  async #undo(to: DeviceLayout): Promise<void> {
    const signal = AbortSignal.timeout(DISPOSE_TIMEOUT_MS);
    if (this.#faults.size === 0 || this.#rules.layout === to) await this.#rules.release(signal);
    else await this.#rules.goBack(to, signal);
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(work);
    this.#queue = result.catch(() => {});
    return result;
  }
}
