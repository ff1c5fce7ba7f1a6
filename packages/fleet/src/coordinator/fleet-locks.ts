import type { RemoteChain } from '@chaos/runner/run';
import { isFleetLock } from './unit-planner.js';

/** Locks of the fleet that the units of this run hold; those of a machine are its agent's business. */
export class FleetLocks {
  readonly #exclusive = new Map<string, string>();
  readonly #shared = new Map<string, Set<string>>();

  /** True if a unit with this chain may be handed out now. */
  areFree({ exclusive, shared }: Pick<RemoteChain, 'exclusive' | 'shared'>): boolean {
    const isTaken = (name: string): boolean => this.#exclusive.has(name);
    return (
      exclusive.filter(isFleetLock).every((name) => !isTaken(name) && !this.#shared.get(name)?.size) &&
      shared.filter(isFleetLock).every((name) => !isTaken(name))
    );
  }

  take(unit: string, { exclusive, shared }: Pick<RemoteChain, 'exclusive' | 'shared'>): void {
    for (const name of exclusive.filter(isFleetLock)) this.#exclusive.set(name, unit);
    for (const name of shared.filter(isFleetLock))
      this.#shared.set(name, new Set([...(this.#shared.get(name) ?? []), unit]));
  }

  free(unit: string): void {
    for (const [name, holder] of this.#exclusive) if (holder === unit) this.#exclusive.delete(name);
    for (const holders of this.#shared.values()) holders.delete(unit);
  }
}
