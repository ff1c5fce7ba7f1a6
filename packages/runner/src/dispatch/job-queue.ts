import type { JobChain, Job } from '../plan/job-chains.js';
import { monotonicMs } from '../real-time.js';
import { Locks } from './locks.js';

/** Queue of waiting jobs; decides which one is next. */
export class JobQueue {
  readonly #chains: JobChain[] = [];
  readonly #busy = new Set<JobChain>();
  readonly #busySlots = new Set<number>();
  /** Slot where each chain ran last: its suites are open there. */
  readonly #owner = new Map<JobChain, number>();
  /** Chains that have already let another one pass. */
  readonly #passed = new WeakSet<JobChain>();
  readonly #importedBy: ReadonlyMap<string, number>;
  readonly #locks: Locks;

  /** `importedBy` names the slot whose worker has imported a file already. */
  constructor(capacities: Readonly<Record<string, number>>, importedBy: ReadonlyMap<string, number> = new Map()) {
    this.#locks = new Locks(capacities);
    this.#importedBy = importedBy;
  }

  add(...chains: readonly JobChain[]): void {
    this.#chains.push(...chains);
  }

  /** Clears the queue; running jobs continue. */
  clear(): void {
    this.#chains.length = 0;
  }

  get isEmpty(): boolean {
    return this.#chains.length === 0;
  }

  /** True while any job runs. */
  get isRunning(): boolean {
    return this.#busySlots.size > 0;
  }

  isBusy(slotIndex: number): boolean {
    return this.#busySlots.has(slotIndex);
  }

  /** True while a waiting job could start as soon as locks and delays allow. */
  get isWaiting(): boolean {
    return this.#chains.some(({ jobs }) => jobs.length > 0);
  }

  /** True while another job of this file waits, in the same project and repetition. */
  holds({ file, tests: [test] }: Job): boolean {
    return this.#chains.some(
      ({ file: other, jobs: [next] }) =>
        other === file &&
        next?.tests[0]?.project === test?.project &&
        next?.tests[0]?.repeatEachIndex === test?.repeatEachIndex,
    );
  }

  /** True while a job of this unit waits or runs. */
  holdsUnit(unit: JobChain['unit']): boolean {
    return this.#chains.some((chain) => chain.unit === unit);
  }

  /** Due time of the next delayed retry; `Infinity` if there is none. */
  nextDueMs(nowMs: number): number {
    return Math.min(
      Infinity,
      ...this.#chains.map(({ jobs }) => jobs[0]?.notBeforeMs ?? 0).filter((time) => time > nowMs),
    );
  }

  /** Takes the next job for a slot, if any, with all its claims; call {@link giveBack} when it has ended. */
  take(slotIndex: number): { readonly chain: JobChain; readonly job: Job } | undefined {
    const chain = this.#choose(slotIndex);
    const job = chain?.jobs.shift();
    if (!chain || !job) return undefined;
    this.#busy.add(chain);
    this.#owner.set(chain, slotIndex);
    this.#busySlots.add(slotIndex);
    this.#locks.acquire(job.claims);
    return { chain, job };
  }

  giveBack(slotIndex: number, chain: JobChain, job: Job): void {
    this.#busySlots.delete(slotIndex);
    this.#locks.release(job.claims);
    this.#busy.delete(chain);
    if (chain.jobs.length > 0) return;
    const index = this.#chains.indexOf(chain);
    if (index >= 0) this.#chains.splice(index, 1);
    this.#owner.delete(chain);
  }

  // Returns the first chain in order, but each chain once lets pass a chain of the same tier whose file this slot has
  // imported. A chain that must wait blocks later chains with conflicting claims, so that it cannot starve.
  #choose(slotIndex: number): JobChain | undefined {
    let locks = this.#locks;
    let first: JobChain | undefined;
    const tooEarly = this.#chains.some(({ late, jobs }) => late !== true && jobs.length > 0);
    for (const chain of this.#chains) {
      const job = chain.jobs[0];
      if (first && chain.tier !== first.tier) break;
      if (!job || (tooEarly && chain.late === true) || this.#busy.has(chain) || job.notBeforeMs > monotonicMs())
        continue;
      const owner = this.#owner.get(chain);
      if (owner !== undefined && owner !== slotIndex && !this.#busySlots.has(owner)) continue;
      if (locks.isFree(job.claims)) {
        const hasImported = this.#importedBy.get(chain.file) === slotIndex;
        if (!first && (hasImported || chain.tier === undefined || this.#passed.has(chain))) return chain;
        if (first && hasImported) {
          this.#passed.add(first);
          return chain;
        }
        if (first) continue;
        first = chain;
      }
      // Pretend that the waiting chain has its claims: later chains may take only what would still be free then.
      if (locks === this.#locks) locks = this.#locks.copy();
      locks.acquire(job.claims);
    }
    return first;
  }
}
