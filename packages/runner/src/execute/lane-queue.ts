import type { Lane, Unit } from '../plan/lanes.js';
import { monotonicMs } from '../real-time.js';
import { Locks } from './locks.js';

/** A parallel place where units run. */
export interface Place {
  readonly index: number;
  busy: boolean;
}

/** Queue of waiting units; decides which one is next. */
export class LaneQueue {
  readonly #lanes: Lane[] = [];
  readonly #busy = new Set<Lane>();
  /** Place where each lane ran last: its suites are open there. */
  readonly #owner = new Map<Lane, Place>();
  /** Lanes that have already let another one pass. */
  readonly #passed = new WeakSet<Lane>();
  readonly #homes: ReadonlyMap<string, number>;
  readonly #locks: Locks;

  /** `homes` names the places that have imported a file already. */
  constructor(capacities: Readonly<Record<string, number>>, homes: ReadonlyMap<string, number> = new Map()) {
    this.#locks = new Locks(capacities);
    this.#homes = homes;
  }

  add(...lanes: readonly Lane[]): void {
    this.#lanes.push(...lanes);
  }

  /** Clears the queue; running units continue. */
  clear(): void {
    this.#lanes.length = 0;
  }

  get isEmpty(): boolean {
    return this.#lanes.length === 0;
  }

  /** True while a waiting unit could start as soon as locks and delays allow. */
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

  /** Due time of the next delayed retry; `Infinity` if there is none. */
  nextDueMs(nowMs: number): number {
    return Math.min(
      Infinity,
      ...this.#lanes.map(({ units }) => units[0]?.notBeforeMs ?? 0).filter((time) => time > nowMs),
    );
  }

  /** Takes the next unit for a place, if any, with all its claims; call {@link giveBack} when it has ended. */
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

  // Returns the first lane in order, but each lane once lets pass a lane of the same tier whose file this place has
  // imported. A lane that must wait blocks later lanes with conflicting claims, so that it cannot starve.
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
      // Pretend that the waiting lane has its claims: later lanes may take only what would still be free then.
      if (locks === this.#locks) locks = this.#locks.copy();
      locks.acquire(unit.claims);
    }
    return first;
  }
}
