/** Computes a number of workers: a number, or a share of the usable CPUs (`50%`), at least one. */
export function workersOf(value: number | string, usableCpus: number): number {
  return typeof value === 'number' ? value : Math.max(1, Math.floor((usableCpus * Number.parseInt(value, 10)) / 100));
}
