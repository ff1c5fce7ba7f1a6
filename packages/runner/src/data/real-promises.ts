// A test may replace the functions of `Promise` in its process, even `then`, and would hide its failure, or never end, if
// the runner waited by them. Only `await` cannot be replaced; so this is built on it, with the class as it was before any
// test file was loaded.
const Own = Promise;

/** What becomes of a promise, as its `then` would tell; the answer is that of the function that was called. */
export async function whenSettled<T, V, E>(
  promise: PromiseLike<T> | T,
  onValue: (value: T) => V,
  onError: (error: unknown) => E,
): Promise<V | E> {
  let value: T;
  try {
    value = await promise;
  } catch (error) {
    return onError(error);
  }
  return onValue(value);
}

/** As `Promise.all`. */
export async function allOf<T>(promises: readonly (Promise<T> | T)[]): Promise<readonly T[]> {
  const values: T[] = [];
  await new Own<void>((resolve, reject) => {
    let open = promises.length;
    if (open === 0) resolve();
    for (const [index, promise] of promises.entries())
      void whenSettled(
        promise,
        (value) => {
          values[index] = value;
          if (--open === 0) resolve();
        },
        reject,
      );
  });
  return values;
}

/** Resolves when each of these has settled. */
export async function settledOf(promises: Iterable<unknown>): Promise<void> {
  const nothing = (): void => {};
  const followed = [...promises].map((promise) => whenSettled(promise, nothing, nothing));
  for (const each of followed) await each;
}

/** As `Promise.reject`. */
export function rejected(reason: unknown): Promise<never> {
  return new Own((_, reject) => reject(reason as Error));
}

/** As `Promise.race`. */
export function firstOf<T extends readonly unknown[]>(promises: T): Promise<Awaited<T[number]>> {
  return new Own<Awaited<T[number]>>((resolve, reject) => {
    for (const promise of promises as readonly Awaited<T[number]>[]) void whenSettled(promise, resolve, reject);
  });
}

type Functions = readonly (readonly [of: object, name: PropertyKey, descriptor: PropertyDescriptor])[];

const { getOwnPropertyDescriptor, defineProperty, ownKeys } = Reflect;

/**
 * Returns a function that gives `Promise` its functions of now back: a test may replace them for its own time, but not
 * for the tests that follow.
 */
export function keepPromises(): () => void {
  const kept: Functions = [
    [globalThis, 'Promise'] as const,
    ...[Own, Own.prototype].flatMap((of) => ownKeys(of).map((name) => [of, name] as const)),
  ].map(([of, name]) => [of, name, getOwnPropertyDescriptor(of, name)!]);
  return () => {
    for (const [of, name, descriptor] of kept)
      if (getOwnPropertyDescriptor(of, name)?.value !== descriptor.value) defineProperty(of, name, descriptor);
  };
}
