/** A number of workers as it is configured: a number, or a share of the usable CPUs (`50%`), which is at least one. */
export function workersOf(value: number | string, usableCpus: number): number {
  return typeof value === 'number' ? value : Math.max(1, Math.floor((usableCpus * Number.parseInt(value, 10)) / 100));
}
