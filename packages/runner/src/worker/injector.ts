import { started } from '../info/started.js';
import { waitingFor } from '../info/waits.js';
import { activeFault, type ActiveFault, type Fault, type FaultWindow, type Journal } from '@chaos/spec';
import { printed } from '../plain.js';
import { startTimer, stopTimer, wallMs } from '../real-time.js';

interface Live {
  readonly window: { name: string; startMs: number; endMs?: number };
  heal(): Promise<void>;
}

/** Puts faults in force for one test, and takes every one of them back. */
export class Injector {
  readonly windows: FaultWindow[] = [];
  readonly #live: Live[] = [];
  /** Not in force yet. */
  readonly #coming = new Set<Promise<ActiveFault>>();
  readonly #enabled: boolean;
  readonly #journal: () => Journal;
  readonly #signal: () => AbortSignal;
  readonly #onChange: (name: string, active: boolean) => void;

  constructor(options: {
    enabled: boolean;
    journal: () => Journal;
    signal: () => AbortSignal;
    onChange: (name: string, active: boolean) => void;
  }) {
    this.#enabled = options.enabled;
    this.#journal = options.journal;
    this.#signal = options.signal;
    this.#onChange = options.onChange;
  }

  /** Rejects when the fault cannot be put in force; it is not in force then. */
  inject(fault: Fault): Promise<ActiveFault> {
    const coming = this.#inject(fault);
    const come = (): void => void this.#coming.delete(coming);
    this.#coming.add(coming);
    coming.then(come, come);
    return coming;
  }

  async #inject(fault: Fault): Promise<ActiveFault> {
    const name: unknown = fault?.name;
    if (typeof name !== 'string')
      throw new TypeError(`Cannot inject a fault: its name is ${printed(name)}, and must be a text`);
    if (!this.#enabled) return activeFault(async () => {});
    // Written down first: if this process dies in the next line, somebody else can still undo it.
    const entry = fault.undo && this.#journal().record(fault.undo, fault.name);
    let active: ActiveFault;
    const injected = waitingFor(`${fault.name} to be in force`);
    try {
      active = await fault.inject(this.#signal());
    } catch (error) {
      entry?.settle();
      throw error;
    } finally {
      injected();
    }
    const window: Live['window'] = { name: fault.name, startMs: wallMs() };
    this.windows.push(window as FaultWindow);
    this.#onChange(fault.name, true);
    let timer: NodeJS.Timeout | undefined;
    const inForce = activeFault(async () => {
      stopTimer(timer);
      const healed = waitingFor(`${fault.name} to be healed`);
      await active.heal().finally(healed);
      entry?.settle();
      window.endMs = wallMs();
      this.#onChange(fault.name, false);
      const index = this.#live.findIndex((live) => live.window === window);
      if (index >= 0) this.#live.splice(index, 1);
    });
    this.#live.push({ window, heal: inForce.heal });
    // What fails then is tried again at the end of the test, and told there.
    if (fault.durationMs !== undefined)
      timer = startTimer(() => void inForce.heal().catch(() => {}), fault.durationMs).unref();
    const heal = (): Promise<void> => started(`the healing of ${fault.name}`, () => inForce.heal(), true);
    return { heal, [Symbol.asyncDispose]: heal };
  }

  /** True while something is in force, or about to be. */
  get active(): boolean {
    return this.#live.length > 0 || this.#coming.size > 0;
  }

  /** Heals what is still in force, last first, all of it; returns what failed. */
  async healAll(): Promise<readonly unknown[]> {
    const errors: unknown[] = [];
    // Whoever did not wait for it left us with it half way.
    await Promise.allSettled(this.#coming);
    for (const { heal } of [...this.#live].reverse()) {
      try {
        await heal();
      } catch (error) {
        errors.push(error);
      }
    }
    return errors;
  }
}
