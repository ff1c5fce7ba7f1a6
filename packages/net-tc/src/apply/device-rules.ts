import type { Executor } from '../executors/executor.js';
import type { ResolvedFault } from '../fault/resolve-fault.js';
import type { Command } from '../plan/commands/command.js';
import { EMPTY_LAYOUT, layoutDevice, type DeviceLayout, type DeviceSetting } from '../plan/device-layout.js';
import { ifbName } from '../plan/commands/handles.js';
import type { TcCapabilities } from '../plan/tc-capabilities.js';
import { needsRules, transition, type Transition } from '../plan/transition.js';
import type { DeviceHold } from './device-hold.js';
import { distributionTables } from '../kernel/distribution-tables.js';
import { drainClasses } from './drain-classes.js';
import { keepLease, type Lapse, type RenewedLease } from '../lease/lease.js';
import { runAll } from '../kernel/run-all.js';
import { tryCommand } from '../kernel/run-command.js';

/** A queue that is not empty by then is that of a link slower than any test. */
export const MOST_DRAIN_MS = 60_000;

interface DeviceRulesOptions {
  readonly executor: Executor;
  readonly setting: DeviceSetting;
  readonly capabilities: TcCapabilities;
  readonly hold: DeviceHold;
  readonly onLapse: (lapse: Lapse) => void;
}

/** The classes, queues and rules on a device, moved from one layout to the next. Its calls must not overlap. */
export class DeviceRules {
  readonly lapses: Lapse[] = [];
  readonly #options: DeviceRulesOptions;
  readonly #tables: ReturnType<typeof distributionTables>;
  /** Minor numbers of classes that still drain: no new class may have them. */
  readonly #retired = new Set<number>();
  #layout: DeviceLayout = EMPTY_LAYOUT;
  #renewal: RenewedLease | undefined;

  constructor(options: DeviceRulesOptions) {
    this.#options = options;
    this.#tables = distributionTables(options.executor);
  }

  get layout(): DeviceLayout {
    return this.#layout;
  }

  layoutFor(faults: Iterable<ResolvedFault>): DeviceLayout {
    return layoutDevice([...faults], this.#options.setting, this.#layout, this.#retired);
  }

  /** Puts a layout in force. Classes that traffic has left are still there: see {@link drain} and {@link clear}. */
  async move(to: DeviceLayout, signal: AbortSignal): Promise<Transition> {
    const { executor, setting, hold } = this.#options;
    const { snapshot } = await hold.take(signal);
    await this.#tables.write(to, signal);
    if (!this.#hasRules(to)) await this.#stopRenewal();
    const steps = transition(this.#layout, to, setting, snapshot);
    await runAll(executor, [...steps.prepare, ...steps.steer], signal);
    this.#layout = to;
    for (const { layout } of steps.drain) this.#retired.add(layout.classMinor);
    await this.#keepLease(to);
    await runAll(executor, steps.open, signal);
    return steps;
  }

  /** Resolves when no packet waits in these classes any more. */
  async drain(classes: Transition['drain'], signal: AbortSignal): Promise<void> {
    await drainClasses(this.#options.executor, classes, MOST_DRAIN_MS, signal);
  }

  /** Removes classes that have run dry. */
  async clear(classes: Transition['drain'], commands: readonly Command[], signal: AbortSignal): Promise<void> {
    const { executor, hold } = this.#options;
    // The device may have been given back meanwhile.
    if (hold.isHeld) for (const command of commands) await tryCommand(executor, command, signal);
    for (const { layout } of classes) this.#retired.delete(layout.classMinor);
  }

  /** Brings the device back to how it was before the first fault. */
  async release(signal: AbortSignal): Promise<void> {
    await this.#stopRenewal();
    if (!this.#options.hold.isHeld) return;
    await this.#options.hold.release(MOST_DRAIN_MS, () => this.#tables.remove(signal), signal);
    this.#layout = EMPTY_LAYOUT;
  }

  /** Removes as much of a layout as was put in force before {@link move} failed. */
  async goBack(from: DeviceLayout, signal: AbortSignal): Promise<void> {
    const { executor, setting, capabilities, hold } = this.#options;
    const { snapshot } = await hold.take(signal);
    const { steer, clear } = transition(from, this.#layout, setting, snapshot);
    for (const command of [...(capabilities.nft.available ? [] : steer), ...clear])
      await tryCommand(executor, command, signal);
    const [egress, ingress] = [
      await this.#hasRoot(setting.device, signal),
      await this.#hasRoot(ifbName(setting.device), signal),
    ];
    this.#layout = {
      ...this.#layout,
      egress: { ...this.#layout.egress, hasRoot: egress },
      ingress: { ...this.#layout.ingress, hasRoot: ingress },
    };
  }

  #hasRules(layout: DeviceLayout): boolean {
    return this.#options.capabilities.nft.available && needsRules(layout);
  }

  async #hasRoot(device: string, signal: AbortSignal): Promise<boolean> {
    const command: Command = { argv: ['tc', 'qdisc', 'show', 'dev', device] };
    return (await tryCommand(this.#options.executor, command, signal)).stdout.startsWith('qdisc htb ca0');
  }

  async #keepLease(layout: DeviceLayout): Promise<void> {
    const { executor, setting, onLapse } = this.#options;
    if (setting.lease.kind !== 'renewed' || !this.#hasRules(layout)) return;
    this.#renewal ??= await keepLease(executor, setting.device, setting.lease.timeoutMs, (lapse) => {
      this.lapses.push(lapse);
      onLapse(lapse);
    });
  }

  async #stopRenewal(): Promise<void> {
    await this.#renewal?.[Symbol.asyncDispose]();
    this.#renewal = undefined;
  }
}
