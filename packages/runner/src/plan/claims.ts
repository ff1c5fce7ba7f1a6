/** The lock that every test holds shared, unless it asks for it exclusively: the machine. */
export const HOST = 'host';

/** What tests hold while they run. */
export interface Claims {
  readonly exclusive: readonly string[];
  readonly shared: readonly string[];
  /** Shares of the capacities in `runner.capacities`. */
  readonly weight: Readonly<Record<string, number>>;
  /** The project that it counts for, and how many of its units may run at the same time; without a limit neither. */
  readonly project?: { readonly name: string; readonly workers: number };
}

interface Claiming {
  readonly locks: readonly string[];
  readonly sharedLocks?: readonly string[];
  readonly weight?: Readonly<Record<string, number>>;
}

/** What tests that run one after the other hold together. */
export function claimsOf(tests: readonly Claiming[]): Claims {
  const exclusive = [...new Set(tests.flatMap(({ locks }) => locks))];
  const shared = new Set(tests.flatMap(({ sharedLocks }) => sharedLocks ?? []));
  const weight: Record<string, number> = {};
  for (const test of tests)
    for (const [name, share] of Object.entries(test.weight ?? {})) weight[name] = Math.max(weight[name] ?? 0, share);
  return { exclusive, shared: [...shared].filter((name) => !exclusive.includes(name)), weight };
}

/** True when two tests hold the same, so that they may travel together. */
export function sameClaims(first: Claiming, second: Claiming): boolean {
  return (
    first.locks.join() === second.locks.join() &&
    first.sharedLocks?.join() === second.sharedLocks?.join() &&
    (first.weight === second.weight || JSON.stringify(first.weight) === JSON.stringify(second.weight))
  );
}

/** The same, alone on this machine. */
export function alone({ exclusive, ...rest }: Claims): Claims {
  return { ...rest, exclusive: [...new Set([...exclusive, HOST])] };
}
