import { HOST, type Claims } from '../plan/claims.js';

// Sums of shares such as 0.1 are not exact.
const ROUNDING = 1e-9;

/**
 * Named locks, capacities and worker limits of projects. Taken all at once before dispatch and returned after it, so
 * there is no deadlock.
 */
export class Locks {
  readonly #capacities: Readonly<Record<string, number>>;
  #exclusive = new Set<string>();
  #shared = new Map<string, number>();
  #used = new Map<string, number>();
  #running = new Map<string, number>();

  constructor(capacities: Readonly<Record<string, number>>) {
    this.#capacities = capacities;
  }

  /**
   * True if a job with these claims could start now. One that weighs more than a capacity starts when no other job
   * uses that capacity.
   */
  isFree(claims: Claims): boolean {
    if (this.#isFull(claims)) return false;
    const taken = (name: string): boolean => this.#exclusive.has(name);
    if (
      claims.exclusive.some((name) => taken(name) || (this.#shared.get(name) ?? 0) > 0) ||
      sharedOf(claims).some(taken)
    )
      return false;
    return Object.entries(claims.weight).every(([name, share]) => {
      const used = this.#used.get(name) ?? 0;
      return used <= ROUNDING || used + share <= (this.#capacities[name] ?? 0) + ROUNDING;
    });
  }

  acquire(claims: Claims): void {
    // A job that only waits for its project's worker limit reserves nothing: it could not use it yet.
    if (this.#isFull(claims)) return;
    for (const name of claims.exclusive) this.#exclusive.add(name);
    this.#add(claims, 1);
  }

  release(claims: Claims): void {
    for (const name of claims.exclusive) this.#exclusive.delete(name);
    this.#add(claims, -1);
  }

  /** A copy of the locks in their current state. */
  copy(): Locks {
    const copy = new Locks(this.#capacities);
    copy.#exclusive = new Set(this.#exclusive);
    copy.#shared = new Map(this.#shared);
    copy.#used = new Map(this.#used);
    copy.#running = new Map(this.#running);
    return copy;
  }

  #isFull({ project }: Claims): boolean {
    return project !== undefined && (this.#running.get(project.name) ?? 0) >= project.workers;
  }

  #add(claims: Claims, sign: 1 | -1): void {
    const { project } = claims;
    if (project) this.#running.set(project.name, (this.#running.get(project.name) ?? 0) + sign);
    for (const name of sharedOf(claims)) this.#shared.set(name, (this.#shared.get(name) ?? 0) + sign);
    for (const [name, share] of Object.entries(claims.weight))
      this.#used.set(name, (this.#used.get(name) ?? 0) + sign * share);
  }
}

function sharedOf({ exclusive, shared }: Claims): readonly string[] {
  return exclusive.includes(HOST) || shared.includes(HOST) ? shared : [HOST, ...shared];
}
