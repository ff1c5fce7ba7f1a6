/** `instanceof`, false where asking throws: anything can be thrown, even what throws when it is looked at. */
export function isA<T>(thrown: unknown, type: abstract new (...args: never[]) => T): thrown is T {
  try {
    return thrown instanceof type;
  } catch {
    return false;
  }
}
