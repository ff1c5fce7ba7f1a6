/**
 * Returns the result of `action`. If this process has nothing left that could ever end it (no timer, no socket, no
 * child), rejects with what `idle` returns: a promise that nobody can settle keeps nobody waiting.
 */
export async function orIdle<T>(idle: () => Error, action: () => T | Promise<T>): Promise<T> {
  let stop: (() => void) | undefined;
  const never = new Promise<never>((_, reject) => process.once('beforeExit', (stop = () => reject(idle()))));
  try {
    return await Promise.race([(async () => action())(), never]);
  } finally {
    if (stop) process.off('beforeExit', stop);
  }
}
