/**
 * Whether an error says that the program is wrong, not the system it talks to. `fetch` throws `TypeError`, too, for a
 * lost connection; that one has a cause.
 */
export function isBug(error: unknown): boolean {
  return (
    (error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError) &&
    error.cause === undefined
  );
}
