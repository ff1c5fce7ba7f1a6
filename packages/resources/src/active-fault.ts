import type { ActiveFault } from '@chaos/spec';

/** A fault that is undone by the first heal; the others wait for it. */
export function activeFault(undo: () => Promise<void>): ActiveFault {
  let healing: Promise<void> | undefined;
  const heal = (): Promise<void> => (healing ??= undo());
  return { heal, [Symbol.asyncDispose]: heal };
}
