import { HOST } from '../plan/host-lock.js';

/** Named locks, taken all at once before dispatch and given back after: no deadlock. */
export class Locks {
  readonly #exclusive = new Set<string>();
  readonly #shared = new Map<string, number>();

  /** True when a unit with these exclusive locks could start now. */
  isFree(locks: readonly string[]): boolean {
    if (!locks.includes(HOST) && this.#exclusive.has(HOST)) return false;
    return locks.every((name) => !this.#exclusive.has(name) && (this.#shared.get(name) ?? 0) === 0);
  }

  acquire(locks: readonly string[]): void {
    for (const name of locks) this.#exclusive.add(name);
    if (!locks.includes(HOST)) this.#shared.set(HOST, (this.#shared.get(HOST) ?? 0) + 1);
  }

  release(locks: readonly string[]): void {
    for (const name of locks) this.#exclusive.delete(name);
    if (!locks.includes(HOST)) this.#shared.set(HOST, (this.#shared.get(HOST) ?? 0) - 1);
  }

  /** True when two units may not run at the same time: a waiting one keeps later ones from overtaking it for ever. */
  static conflict(first: readonly string[], second: readonly string[]): boolean {
    return first.some((name) => name === HOST || second.includes(name)) || second.includes(HOST);
  }
}
