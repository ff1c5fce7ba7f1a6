import type { Executor, NetworkFault, Shaper } from '@chaos/net-tc';
import { activeFault, type ActiveFault } from '@chaos/spec';

/** Verifying that a healed link is healthy takes longer only on a machine that cannot run tests. */
const VERIFY_TIMEOUT_MS = 30_000;

interface InForce {
  readonly port: number;
  readonly faults: readonly NetworkFault[];
}

/**
 * Faults of packets on the loopback device of this network namespace, each verified by measurement when it begins and
 * when it is healed. They end with the namespace, so there is no undo to write down.
 */
export class LoopbackPackets implements AsyncDisposable {
  readonly #programs: Promise<string | undefined>;
  readonly #inForce: InForce[] = [];
  #opening: Promise<Shaper> | undefined;
  #active = 0;

  /** @param programs folder of `nft` where `PATH` has none */
  constructor(programs: Promise<string | undefined>) {
    this.#programs = programs;
    // The first fault that needs them reports why they are missing.
    programs.catch(() => {});
  }

  /** The number of faults that are in force, or not yet proven to be gone. */
  get active(): number {
    return this.#active;
  }

  /** Resolves once the faults are measured to act. `durationMs`: they are healed by themselves after so long. */
  async add(
    faults: readonly NetworkFault[],
    port: number,
    durationMs: number | undefined,
    signal: AbortSignal,
  ): Promise<ActiveFault> {
    const fault = await (await this.#shaper(signal)).add(faults, signal);
    const own: InForce = { port, faults };
    this.#inForce.push(own);
    this.#active++;
    let healed: Promise<void> | undefined;
    let timer: NodeJS.Timeout | undefined;
    const heal = (): Promise<void> => {
      clearTimeout(timer);
      return (healed ??= this.#heal(fault, own));
    };
    try {
      await this.#verify(port, signal);
    } catch (error) {
      await heal().catch(() => {});
      throw error;
    }
    // An error of this healing reaches the test when it heals the fault itself.
    if (durationMs !== undefined) timer = setTimeout(() => void heal().catch(() => {}), durationMs).unref();
    return activeFault(heal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await (await this.#opening)?.[Symbol.asyncDispose]();
  }

  async #heal(fault: ActiveFault, own: InForce): Promise<void> {
    await fault.heal();
    this.#inForce.splice(this.#inForce.indexOf(own), 1);
    // Counted as active until then: the next test must not use a link that is not healthy.
    await this.#verify(own.port, AbortSignal.timeout(VERIFY_TIMEOUT_MS));
    this.#active--;
  }

  async #shaper(signal: AbortSignal): Promise<Shaper> {
    const executor = await this.#executor();
    const { openShaper } = await import('@chaos/net-tc');
    this.#opening ??= openShaper({ device: 'lo', executor, lease: { kind: 'none' } }, signal);
    this.#opening.catch(() => (this.#opening = undefined));
    return this.#opening;
  }

  async #executor(): Promise<Executor> {
    const folder = await this.#programs;
    const { local, withPrograms } = await import('@chaos/net-tc');
    return folder === undefined ? local : withPrograms(local, folder);
  }

  // A measurement during which another fault came or went says nothing, so it is repeated.
  async #verify(port: number, signal: AbortSignal): Promise<void> {
    const { verifyLoopback } = await import('@chaos/net-tc');
    const executor = await this.#executor();
    for (;;) {
      const before = [...this.#inForce];
      const faults = before.filter((one) => one.port === port).flatMap((one) => one.faults);
      try {
        return await verifyLoopback({ faults, port, executor, signal });
      } catch (error) {
        const same =
          before.length === this.#inForce.length && before.every((one, index) => one === this.#inForce[index]);
        if (same) throw error;
      }
    }
  }
}
