import type { DriverContext } from '@chaos/spec';

/**
 * Time that a client of the target allows one operation, ms: 1.5 × what the target promises, so that it is the target
 * that gives up first, and longer where the machine is busy.
 */
export function clientTimeMs({ config }: Pick<DriverContext, 'config'>): number {
  return Math.round(config.timeoutMs * config.deadlineFactor * 1.5);
}

/** How that time came about, where it is not as on a quiet machine: ` (7500 ms × 1.93)`. */
export function stretchOf({ config }: Pick<DriverContext, 'config'>): string {
  const { timeoutMs, deadlineFactor } = config;
  return deadlineFactor === 1 ? '' : ` (${Math.round(timeoutMs * 1.5)} ms × ${Number(deadlineFactor.toFixed(2))})`;
}
