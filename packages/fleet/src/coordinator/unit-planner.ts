import type { RemoteChain } from '@chaos/runner/run';
import type { UnitClass } from '../protocol/messages.js';

/** Estimate for a test that never ran, ms. */
const UNKNOWN_MS = 100;
/** A unit is worth its way to an agent and back. */
const LEAST_MS = 200;
/** Each slot gets about so many more units until the end: sizes shrink as less is left. */
const ROUNDS = 3;

/** A chain that waits, with what is known of it. */
export interface PendingChain extends RemoteChain {
  /** It was running when an agent was lost: it runs by itself, so that it can be told from its neighbours. */
  readonly suspect?: boolean;
}

/** Capabilities and labels of a chain. A tag `label:zone=a` asks for an agent with this label. */
export function needsOf({ requires }: Pick<RemoteChain, 'requires'>): Omit<UnitClass, 'name'> {
  return { requires: requires.toSorted(), labels: {} };
}

/**
 * Cuts chains into units, longest first; a unit is a share of what is left, so that the last ones are small and no
 * agent waits long for another.
 */
export class UnitPlanner {
  readonly #waiting: PendingChain[] = [];
  #leftMs = 0;

  /** Estimated time of what waits, ms of one slot. */
  get leftMs(): number {
    return this.#leftMs;
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  add(chains: readonly PendingChain[]): void {
    // The longest first; equal ones keep their order, so that those of a file stay together.
    this.#waiting.push(...chains);
    this.#waiting.sort((a, b) => Number(b.suspect ?? false) - Number(a.suspect ?? false) || costOf(b) - costOf(a));
    this.#leftMs += chains.reduce((sum, chain) => sum + costOf(chain), 0);
  }

  clear(): readonly PendingChain[] {
    this.#leftMs = 0;
    return this.#waiting.splice(0);
  }

  /** The next unit for agents with so many slots in all; `mayRun` says which chains have their locks. */
  next(slots: number, mayRun: (chain: PendingChain) => boolean): readonly PendingChain[] {
    const share = Math.max(LEAST_MS, this.#leftMs / (ROUNDS * Math.max(1, slots)));
    const unit: PendingChain[] = [];
    let costMs = 0;
    for (let index = 0; index < this.#waiting.length && costMs < share;) {
      const chain = this.#waiting[index] as PendingChain;
      if (!mayRun(chain) || (unit.length > 0 && chain.suspect === true)) {
        index++;
        continue;
      }
      // A long chain goes first; what does not fit any more waits for a smaller unit.
      if (unit.length > 0 && costMs + costOf(chain) > 1.5 * share) break;
      this.#waiting.splice(index, 1);
      unit.push(chain);
      costMs += costOf(chain);
      if (chain.suspect === true || chain.exclusive.some(isFleetLock)) break;
    }
    this.#leftMs = Math.max(0, this.#leftMs - costMs);
    return unit;
  }
}

/** True for the name of a lock that holds on all machines: `fleet:…`, or the URL of a service. */
export function isFleetLock(name: string): boolean {
  return name.startsWith('fleet:') || /^[a-z][a-z0-9+.-]*:\/\//.test(name);
}

function costOf({ durationMs, ids }: RemoteChain): number {
  return durationMs > 0 ? durationMs : ids.length * UNKNOWN_MS;
}
