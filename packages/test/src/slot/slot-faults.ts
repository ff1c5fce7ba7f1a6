import { UsageError, type ActiveFault, type Fault, type FaultMet } from '@chaos/spec';

/** The faults of one slot fixture that are in force, by number: a test holds only the number. */
export class SlotFaults {
  readonly #of: string;
  readonly #active = new Map<number, ActiveFault>();
  #lastId = 0;

  /** @param of name of the slot fixture, for messages */
  constructor(of: string) {
    this.#of = of;
  }

  /** Returns the number of the fault, once it is in force. Throws `UsageError` for options that make no sense. */
  async inject(make: () => Fault, signal: AbortSignal): Promise<number> {
    const fault = await makeFault(make).inject(signal);
    this.#active.set(++this.#lastId, fault);
    return this.#lastId;
  }

  /** Returns what it met. One that was healed already is no error. */
  async heal(id: number): Promise<FaultMet | undefined> {
    const fault = this.#active.get(id);
    await fault?.heal();
    this.#active.delete(id);
    return fault?.met?.();
  }

  /** Proves that it is in force, where a probe can; returns what the probe saw. */
  async prove(id: number, signal: AbortSignal): Promise<string | undefined> {
    return this.#active.get(id)?.prove?.(signal);
  }

  /** Heals all of them, the last first, even if one cannot be healed. */
  async healAll(): Promise<void> {
    const failures: unknown[] = [];
    for (const id of [...this.#active.keys()].reverse())
      await this.heal(id).catch((error: unknown) => failures.push(error));
    if (failures.length === 1) throw failures[0];
    if (failures.length > 1)
      throw new AggregateError(
        failures,
        `Cannot heal ${failures.length} faults of ${this.#of}: ${failures.map(String).join('; ')}`,
      );
  }

  /** They have ended with what they broke. */
  forget(): void {
    this.#active.clear();
  }
}

// Options that make no sense would make none at the next try.
function makeFault(make: () => Fault): Fault {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
    const misuse = new UsageError(error.message);
    if (error.stack !== undefined) misuse.stack = error.stack;
    throw misuse;
  }
}
