/**
 * `instanceof` that returns false if the check throws: any value can be thrown, even one that throws when inspected.
 */
export function isA<T>(thrown: unknown, type: abstract new (...args: never[]) => T): thrown is T {
  try {
    return thrown instanceof type;
  } catch {
    return false;
  }
}
