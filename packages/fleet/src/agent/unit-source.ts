import { setTimeout as sleep } from 'node:timers/promises';
import type { Feed, FedUnit, PlanData } from '@chaos/runner/run';
import type { Manifest, Unit } from '../protocol/messages.js';
import { unitsOf } from '../protocol/places.js';
import type { Seal } from '../trust/seal.js';
import type { Store, Taken } from '../store/store.js';
import type { Outbox } from './outbox.js';

const SHORT_PAUSE_MS = 10;
const LONG_PAUSE_MS = 100;

/** What units are taken from. */
export interface UnitSourceOptions {
  readonly store: Store;
  readonly seal: Seal;
  readonly plan: PlanData;
  readonly outbox: Outbox;
  /** The newest that is known of the run. */
  readonly manifest: () => Manifest;
  /** Queues that this agent may take from, the most demanding first. */
  readonly classes: () => readonly string[];
  /** A lease was lost, or could not be prolonged in time: another agent may run the unit by now. */
  readonly onLeaseLost: (unit: string) => void;
}

interface Held {
  readonly taken: Taken;
  readonly renewing: AbortController;
}

/** Takes units from the queues of a run, under leases that are prolonged while they run. */
export class UnitSource implements Feed {
  readonly #options: UnitSourceOptions;
  readonly #held = new Map<string, Held>();
  readonly #unitOfTest = new Map<string, string>();
  #isOver = false;

  constructor(options: UnitSourceOptions) {
    this.#options = options;
  }

  get plan(): PlanData {
    return this.#options.plan;
  }

  /** The unit that a test was handed out with. */
  unitOf(testId: string): string | undefined {
    return this.#unitOfTest.get(testId);
  }

  /** No more units are handed out. */
  end(): void {
    this.#isOver = true;
  }

  async next(): Promise<FedUnit | undefined> {
    let pauseMs = SHORT_PAUSE_MS;
    while (!this.#isOver && this.#options.manifest().state === 'open') {
      const unit = this.#options.outbox.isCrowded ? undefined : await this.#take();
      if (unit !== undefined) return unit;
      await sleep(pauseMs);
      pauseMs = Math.min(LONG_PAUSE_MS, pauseMs * 1.5);
    }
    return undefined;
  }

  /** Gives all leases up: the coordinator decides again about their units. */
  async release(): Promise<void> {
    const held = [...this.#held.values()];
    this.#held.clear();
    for (const { taken, renewing } of held) {
      renewing.abort();
      await taken.finish().catch(() => {});
    }
  }

  async #take(): Promise<FedUnit | undefined> {
    const { store, seal, manifest, classes, outbox } = this.#options;
    const { runId, generation, leaseMs } = manifest();
    for (const name of classes()) {
      const taken = await store.take(unitsOf(runId, name), leaseMs);
      if (taken === undefined) continue;
      const unit = seal.open<Unit>(`${runId}/unit/${taken.id}`, taken.data);
      // Not signed, of an earlier coordinator, or given back by a lease that expired: the coordinator decides anew.
      if (unit === undefined || unit.generation !== generation || taken.taken > 1) {
        if (unit?.generation === generation) outbox.post({ kind: 'unit', unit: unit.id, state: 'expired' });
        await taken.finish();
        continue;
      }
      outbox.post({ kind: 'unit', unit: unit.id, state: 'started' });
      for (const id of unit.ids) this.#unitOfTest.set(id, unit.id);
      this.#hold(unit.id, taken, leaseMs);
      return { ids: unit.ids, alone: unit.alone, done: () => void this.#done(unit.id) };
    }
    return undefined;
  }

  #hold(unit: string, taken: Taken, leaseMs: number): void {
    const renewing = new AbortController();
    this.#held.set(unit, { taken, renewing });
    const lost = (): void => {
      if (!renewing.signal.aborted) this.#options.onLeaseLost(unit);
    };
    // The store counts from the renewal that it got; this agent from the one that it knows of.
    let known = performance.now();
    const watch = setInterval(() => {
      if (performance.now() - known <= leaseMs * 0.9) return;
      clearInterval(watch);
      lost();
    }, leaseMs / 20);
    renewing.signal.addEventListener('abort', () => clearInterval(watch), { once: true });
    const renew = async (): Promise<void> => {
      for (;;) {
        await sleep(leaseMs / 4, undefined, { signal: renewing.signal });
        const asked = performance.now();
        if (!(await taken.renew())) return lost();
        known = asked;
      }
    };
    renew().catch(() => lost());
  }

  async #done(unit: string): Promise<void> {
    const held = this.#held.get(unit);
    if (held === undefined) return;
    this.#held.delete(unit);
    this.#options.outbox.post({ kind: 'unit', unit, state: 'done' });
    await this.#options.outbox.flush();
    held.renewing.abort();
    await held.taken.finish().catch(() => {});
  }
}
