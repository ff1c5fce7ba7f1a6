import type { Random } from '@chaos/stats';
import type { ActiveToxic, AddOptions } from './active-toxic.js';
import { checkAddress } from './check-address.js';
import type { Address } from './tcp/listener.js';
import type { Toxic } from './toxic.js';
import { ToxicSet } from './toxic-set.js';
import type { ToxicTarget } from './toxic-target.js';

/** A port that can be shut and opened again. */
export interface Gateway {
  readonly listening: boolean;
  open(): Promise<void>;
  shut(): void;
}

/** The proxy, as seen by its core. */
export interface ProxyCoreHost {
  readonly name: string;
  readonly listen: Address;
  readonly upstream: Address;
  readonly random: Random;
  readonly listener: Gateway;
  live(): Iterable<ToxicTarget>;
  /** True if the proxy must refuse connections for a reason other than its toxics. */
  shut?(): boolean;
  /** True while the owner of the upstream says that nothing listens there. Refusing is right then. */
  upstreamGone?(): boolean;
  onEvent:
    | ((event: { readonly type: 'toxic-expired'; readonly toxic: ActiveToxic; readonly error?: unknown }) => void)
    | undefined;
}

/** Common core of TCP and UDP proxies: the toxics, and a port that toxics can close. */
export class ProxyCore {
  readonly toxics: ToxicSet;
  readonly #host: ProxyCoreHost;
  #ready = false;
  #closed = false;

  /** Throws `RangeError` or `TypeError` for a bad address. */
  constructor(host: ProxyCoreHost) {
    checkAddress('listen', host.listen, 0);
    checkAddress('upstream', host.upstream, 1);
    this.#host = host;
    this.toxics = new ToxicSet({
      seed: String(host.random.integer(0, Number.MAX_SAFE_INTEGER)),
      live: () => host.live(),
      expired: (toxic, error) =>
        host.onEvent?.({ type: 'toxic-expired', toxic, ...(error !== undefined && { error }) }),
      gate: () => this.gate(),
    });
  }

  /** Puts the first toxics in force, then listens. Throws `ChaosError` `PORT_TAKEN`. */
  async start(initial: readonly (AddOptions & { readonly toxic: Toxic })[]): Promise<void> {
    try {
      for (const { toxic, ...settings } of initial) this.toxics.add(toxic, settings);
      this.#ready = true;
      await this.gate();
    } catch (error) {
      this.toxics.stop();
      throw error;
    }
  }

  /** Closes or opens the port, whichever the current state requires. Throws `ChaosError` `PORT_TAKEN`. */
  async gate(): Promise<void> {
    const { listener } = this.#host;
    if (this.toxics.refusing() || this.#host.shut?.() === true || this.#host.upstreamGone?.() === true) listener.shut();
    else if (this.#ready && !this.#closed) await listener.open();
  }

  isClean(): boolean {
    return this.toxics.list().length === 0 && (this.#host.listener.listening || this.#host.upstreamGone?.() === true);
  }

  add(toxic: Toxic, settings: AddOptions): ActiveToxic {
    if (this.#closed) throw new TypeError(`Cannot add ${toxic.type}: proxy ${this.#host.name} is closed`);
    return this.toxics.add(toxic, settings);
  }

  /** Removes every toxic, even if one of them fails. */
  async clear(): Promise<void> {
    const results = await Promise.allSettled(this.toxics.list().map((toxic) => toxic.remove()));
    await this.gate();
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  }

  /** Stops accepting, and stops every schedule. */
  close(): void {
    this.#closed = true;
    this.toxics.stop();
    this.#host.listener.shut();
  }
}
