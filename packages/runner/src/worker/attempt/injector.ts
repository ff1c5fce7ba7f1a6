import { started } from '../../info/started.js';
import { waitingFor } from '../../info/waits.js';
import {
  activeFault,
  asMachineError,
  UsageError,
  type ActiveFault,
  type Fault,
  type FaultWindow,
  type InjectOptions,
  type Journal,
} from '@chaos/spec';
import { printed } from '../../data/plain.js';
import { settledOf, whenSettled } from '../../data/real-promises.js';
import { startTimer, stopTimer, wallMs } from '../../real-time.js';

interface Live {
  readonly window: { -readonly [Key in keyof FaultWindow]: FaultWindow[Key] };
  heal(): Promise<void>;
}

/** Injects faults for one test, and heals every one of them. */
export class Injector {
  readonly windows: FaultWindow[] = [];
  readonly #live: Live[] = [];
  /** Faults that are being injected. */
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

  /** Rejects when the fault cannot be injected; then it is not in force. */
  inject(fault: Fault, options: InjectOptions = {}): Promise<ActiveFault> {
    const coming = this.#inject(fault, options);
    const come = (): void => void this.#coming.delete(coming);
    this.#coming.add(coming);
    void whenSettled(coming, come, come);
    return coming;
  }

  async #inject(fault: Fault, options: InjectOptions): Promise<ActiveFault> {
    const name: unknown = fault?.name;
    if (typeof name !== 'string')
      throw new TypeError(`Cannot inject a fault: its name is ${printed(name)}, and must be a text`);
    const reason = reasonOf(options);
    if (!this.#enabled) return activeFault(async () => {});
    // Record first: if this process dies in the next line, the fault can still be undone.
    const entry = fault.undo && this.#journal().record(fault.undo, fault.name);
    let active: ActiveFault;
    const injected = waitingFor(`${fault.name} to be in force`);
    try {
      active = await fault.inject(this.#signal());
    } catch (error) {
      entry?.settle();
      throw asMachineError(error);
    } finally {
      injected();
    }
    const window: Live['window'] = { name: fault.name, startMs: wallMs(), ...reason };
    this.windows.push(window);
    this.#onChange(fault.name, true);
    let timer: NodeJS.Timeout | undefined;
    const inForce = activeFault(async () => {
      stopTimer(timer);
      const healed = waitingFor(`${fault.name} to be healed`);
      try {
        await active.heal();
      } finally {
        healed();
      }
      entry?.settle();
      window.endMs = wallMs();
      const met = active.met?.();
      if (met) window.met = met;
      this.#onChange(fault.name, false);
      const index = this.#live.findIndex((live) => live.window === window);
      if (index >= 0) this.#live.splice(index, 1);
    });
    this.#live.push({ window, heal: inForce.heal });
    if (window.mayMeetNothing !== undefined && active.prove) window.proof = await active.prove(this.#signal());
    // Ignore the error here: healing is tried again, and reported, at the end of the test.
    if (fault.durationMs !== undefined)
      timer = startTimer(() => void whenSettled(inForce.heal(), ignore, ignore), fault.durationMs).unref();
    const heal = (): Promise<void> => started(`the healing of ${fault.name}`, () => inForce.heal(), { quiet: true });
    return { heal, ...(active.met && { met: () => active.met?.() }), [Symbol.asyncDispose]: heal };
  }

  /** True while a fault is in force or being injected. */
  get active(): boolean {
    return this.#live.length > 0 || this.#coming.size > 0;
  }

  /** Heals all faults still in force, last first; returns the errors. */
  async healAll(): Promise<readonly unknown[]> {
    const errors: unknown[] = [];
    // A test that did not await `inject` leaves a fault half injected, so wait for it.
    await settledOf(this.#coming);
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

function reasonOf({ mayMeetNothing: reason }: InjectOptions): Pick<FaultWindow, 'mayMeetNothing'> {
  if (reason === undefined) return {};
  if (typeof reason === 'string' && reason !== '') return { mayMeetNothing: reason };
  throw new UsageError(
    `Cannot inject a fault: mayMeetNothing is ${printed(reason)}, it must be the reason as a text: 'keys are cached'`,
  );
}

function ignore(): void {}
