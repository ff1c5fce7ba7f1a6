/**
 * True if an error means that the program is wrong, not the system it talks to. `fetch` throws `TypeError` for a lost
 * connection, too; that one has a cause.
 */
export function isBug(error: unknown): boolean {
  return (
    (error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError) &&
    error.cause === undefined
  );
}
