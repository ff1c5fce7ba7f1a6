import type { Lane, Unit } from '../plan/lanes.js';
import { monotonicMs } from '../real-time.js';
import { Locks } from './locks.js';

/** Where units run. */
export interface Place {
  readonly index: number;
  busy: boolean;
}

/** What waits to be run, and whose turn it is. */
export class LaneQueue {
  readonly #lanes: Lane[] = [];
  readonly #busy = new Set<Lane>();
  /** Where a lane ran last: its suites are open there. */
  readonly #owner = new Map<Lane, Place>();
  /** Lanes that gave way to another once. */
  readonly #passed = new WeakSet<Lane>();
  readonly #homes: ReadonlyMap<string, number>;
  readonly #locks: Locks;

  /** `homes` says where a file has been imported already. */
  constructor(capacities: Readonly<Record<string, number>>, homes: ReadonlyMap<string, number> = new Map()) {
    this.#locks = new Locks(capacities);
    this.#homes = homes;
  }

  add(...lanes: readonly Lane[]): void {
    this.#lanes.push(...lanes);
  }

  /** What runs goes on; nothing waits any more. */
  clear(): void {
    this.#lanes.length = 0;
  }

  get isEmpty(): boolean {
    return this.#lanes.length === 0;
  }

  /** True while a unit waits that could be begun but for locks and delays. */
  get isWaiting(): boolean {
    return this.#lanes.some(({ units }) => units.length > 0);
  }

  /** True while another unit of this file waits, in the same project and repetition. */
  holds({ file, tests: [test] }: Unit): boolean {
    return this.#lanes.some(
      ({ file: other, units: [next] }) =>
        other === file &&
        next?.tests[0]?.project === test?.project &&
        next?.tests[0]?.repeatEachIndex === test?.repeatEachIndex,
    );
  }

  /** When the next retry that is not due yet will be; `Infinity` when there is none. */
  nextDueMs(nowMs: number): number {
    return Math.min(
      Infinity,
      ...this.#lanes.map(({ units }) => units[0]?.notBeforeMs ?? 0).filter((time) => time > nowMs),
    );
  }

  /** The next unit for a place, if there is one, with all that it claims; {@link giveBack} it when it has ended. */
  take(place: Place): { readonly lane: Lane; readonly unit: Unit } | undefined {
    const lane = this.#choose(place);
    const unit = lane?.units.shift();
    if (!lane || !unit) return undefined;
    this.#busy.add(lane);
    this.#owner.set(lane, place);
    this.#locks.acquire(unit.claims);
    return { lane, unit };
  }

  giveBack(lane: Lane, unit: Unit): void {
    this.#locks.release(unit.claims);
    this.#busy.delete(lane);
    if (lane.units.length > 0) return;
    const index = this.#lanes.indexOf(lane);
    if (index >= 0) this.#lanes.splice(index, 1);
    this.#owner.delete(lane);
  }

  // The first lane whose turn it is, though once it lets one of its tier pass that this place has imported already. One
  // that has to wait keeps what conflicts with it from overtaking, so that it cannot starve.
  #choose(place: Place): Lane | undefined {
    let locks = this.#locks;
    let first: Lane | undefined;
    const tooEarly = this.#lanes.some(({ late, units }) => late !== true && units.length > 0);
    for (const lane of this.#lanes) {
      const unit = lane.units[0];
      if (first && lane.tier !== first.tier) break;
      if (!unit || (tooEarly && lane.late === true) || this.#busy.has(lane) || unit.notBeforeMs > monotonicMs())
        continue;
      const owner = this.#owner.get(lane);
      if (owner && owner !== place && !owner.busy) continue;
      if (locks.isFree(unit.claims)) {
        const isHome = this.#homes.get(lane.file) === place.index;
        if (!first && (isHome || lane.tier === undefined || this.#passed.has(lane))) return lane;
        if (first && isHome) {
          this.#passed.add(first);
          return lane;
        }
        if (first) continue;
        first = lane;
      }
      // As if it had got what it waits for: who comes later may take only what is still free then.
      if (locks === this.#locks) locks = this.#locks.copy();
      locks.acquire(unit.claims);
    }
    return first;
  }
}
