import type { ActiveFault } from './fault.js';

/**
 * The handle of a fault in force, from the function that undoes it. The first `heal()` undoes; later calls, and those
 * meanwhile, wait for the same promise. After a failed heal the next call tries again.
 *
 * `evidence` says what the fault met and proves that it is in force, where that can be known.
 *
 * @example
 * async inject() {
 *   await broker.pause();
 *   return activeFault(() => broker.resume());
 * }
 */
export function activeFault(undo: () => Promise<void>, evidence: Pick<ActiveFault, 'met' | 'prove'> = {}): ActiveFault {
  let healing: Promise<void> | undefined;
  const heal = (): Promise<void> =>
    (healing ??= undo().catch((error: unknown) => {
      healing = undefined;
      throw error;
    }));
  return { ...evidence, heal, [Symbol.asyncDispose]: heal };
}
