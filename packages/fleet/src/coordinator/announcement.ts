import { UsageError } from '@chaos/spec';
import type { RemoteRun } from '@chaos/runner/run';
import { differences, fingerprintOf, type Fingerprint } from '../checkout/fingerprint.js';
import { portable } from '../checkout/relocate.js';
import type { Manifest, PlanPart, RunState, UnitClass } from '../protocol/messages.js';
import { agentsOf, eventsOf, planOf, RUNS, unitsOf } from '../protocol/places.js';
import type { Seal } from '../trust/seal.js';
import type { Store } from '../store/store.js';
import type { FleetOptions } from './fleet-options.js';

const TESTS_A_PART = 500;
/** What a run that nobody continues has left in the store is removed after this time. */
const RETENTION_MS = 24 * 3_600_000;

/** Dependencies of an announcement. */
export interface AnnouncementOptions extends FleetOptions {
  readonly store: Store;
  readonly seal: Seal;
  readonly run: RemoteRun;
}

/** The run, as it stands in the store for its agents. */
export class Announcement {
  readonly #options: AnnouncementOptions;
  readonly #classes = new Map<string, UnitClass>();
  #generation = 0;
  #state: RunState = 'open';
  #beat = 0;
  #beatAt = -Infinity;
  #planParts = 0;
  #fingerprint: Fingerprint | undefined;
  #earlier: Manifest | undefined;

  constructor(options: AnnouncementOptions) {
    this.#options = options;
  }

  get generation(): number {
    return this.#generation;
  }

  /** Finds a run whose coordinator was lost. @throws UsageError if there is none, or it is of another checkout */
  async takeUp(): Promise<void> {
    const { runId } = this.#options.run;
    const earlier = await this.#read(runId);
    if (earlier === undefined)
      throw new UsageError(`Cannot resume ${runId}: the fleet has no such run`, {
        hint: 'Its id is printed when it starts. A run that has ended leaves nothing.',
      });
    const problems = differences(earlier.fingerprint, await this.#takeFingerprint());
    if (problems.length > 0)
      throw new UsageError(`Cannot resume ${runId}, which is of another checkout:\n  ${problems.join('\n  ')}`);
    this.#earlier = earlier;
    this.#generation = earlier.generation;
    this.#beat = earlier.beat;
  }

  /** Announces the run, with its plan, to agents; also again. */
  async publish(): Promise<void> {
    const { store, run } = this.#options;
    await this.#clearOld();
    for (const { name } of this.#earlier?.classes ?? []) await store.destroy(unitsOf(run.runId, name));
    this.#generation++;
    await this.#takeFingerprint();
    await this.#writePlan();
    await store.add(RUNS, run.runId, this.#sealed());
    await store.update(RUNS, run.runId, this.#sealed());
  }

  /** The queue of units with these needs; agents learn of a new one. */
  async classOf(needs: Omit<UnitClass, 'name'>): Promise<string> {
    const key = JSON.stringify(needs);
    const known = this.#classes.get(key);
    if (known !== undefined) return known.name;
    const name = String(this.#classes.size);
    this.#classes.set(key, { name, ...needs });
    await this.#write();
    return name;
  }

  async setState(state: RunState): Promise<void> {
    if (this.#state === state) return;
    this.#state = state;
    await this.#write();
  }

  /** Tells agents that their coordinator lives, when it is time; false if the store has lost the run. */
  async beat(): Promise<boolean> {
    if (performance.now() - this.#beatAt < this.#options.leaseMs / 8) return true;
    return this.#write();
  }

  /** Removes everything of the run from the store. */
  async clear(): Promise<void> {
    const { store, run } = this.#options;
    await this.#destroy(run.runId, [...this.#classes.values()]);
    await store.remove(RUNS, run.runId);
  }

  async #write(): Promise<boolean> {
    this.#beat++;
    this.#beatAt = performance.now();
    const { store, run } = this.#options;
    return store.update(RUNS, run.runId, this.#sealed());
  }

  #sealed(): string {
    const { seal, run, settings, leaseMs } = this.#options;
    const manifest: Manifest = {
      runId: run.runId,
      state: this.#state,
      beat: this.#beat,
      beatMs: Date.now(),
      generation: this.#generation,
      leaseMs,
      fingerprint: this.#fingerprint as Fingerprint,
      classes: [...this.#classes.values()],
      requires: [...new Set(run.plan.tests.flatMap(({ requires }) => requires))],
      planParts: this.#planParts,
      settings,
    };
    return seal.close(`${run.runId}/manifest`, manifest);
  }

  async #takeFingerprint(): Promise<Fingerprint> {
    const { run, seal, version, rootDir, layers } = this.#options;
    const files = [...new Set(run.plan.tests.map(({ location }) => location.file))].sort();
    return (this.#fingerprint ??= await fingerprintOf({ version, rootDir, files, layers }, seal));
  }

  async #writePlan(): Promise<void> {
    const { store, seal, run, rootDir } = this.#options;
    const { tests, slotFixtures } = run.plan;
    this.#planParts = Math.max(1, Math.ceil(tests.length / TESTS_A_PART));
    for (let index = 0; index < this.#planParts; index++) {
      const part: PlanPart = {
        tests: tests.slice(index * TESTS_A_PART, (index + 1) * TESTS_A_PART),
        files: index === 0 ? Object.entries(slotFixtures) : [],
      };
      const data = seal.close(`${run.runId}/plan/${index}`, portable(part, rootDir));
      await store.add(planOf(run.runId), String(index), data);
    }
  }

  async #read(runId: string): Promise<Manifest | undefined> {
    const { store, seal } = this.#options;
    const entry = await store.get(RUNS, runId);
    return entry && seal.open<Manifest>(`${runId}/manifest`, entry.data);
  }

  async #clearOld(): Promise<void> {
    const { store, seal, run } = this.#options;
    for (const { id, data } of await store.list(RUNS)) {
      const manifest = seal.open<Manifest>(`${id}/manifest`, data);
      if (manifest === undefined || id === run.runId || Date.now() - manifest.beatMs < RETENTION_MS) continue;
      await this.#destroy(id, manifest.classes);
      await store.remove(RUNS, id);
    }
  }

  async #destroy(runId: string, classes: readonly UnitClass[]): Promise<void> {
    const { store } = this.#options;
    const queues = [
      ...classes.map(({ name }) => unitsOf(runId, name)),
      planOf(runId),
      agentsOf(runId),
      eventsOf(runId),
    ];
    for (const queue of queues) await store.destroy(queue);
  }
}
