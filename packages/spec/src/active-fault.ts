import type { ActiveFault } from './fault.js';

/**
 * The handle of a fault in force, from the function that undoes it. The first `heal()` undoes; later calls, and those
 * meanwhile, wait for the same promise. After a failed heal the next call tries again.
 *
 * @example
 * async inject() {
 *   await broker.pause();
 *   return activeFault(() => broker.resume());
 * }
 */
export function activeFault(undo: () => Promise<void>): ActiveFault {
  let healing: Promise<void> | undefined;
  const heal = (): Promise<void> =>
    (healing ??= undo().catch((error: unknown) => {
      healing = undefined;
      throw error;
    }));
  return { heal, [Symbol.asyncDispose]: heal };
}
