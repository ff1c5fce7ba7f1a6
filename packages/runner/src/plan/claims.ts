/** The lock of the machine: every test holds it shared, unless it requests it exclusively. */
export const HOST = 'host';

/** Locks and capacities that tests hold while they run. */
export interface Claims {
  readonly exclusive: readonly string[];
  readonly shared: readonly string[];
  /** Shares of the capacities in `runner.capacities`. */
  readonly weight: Readonly<Record<string, number>>;
  /** The project whose limit applies, and its limit of concurrent jobs; both absent without a limit. */
  readonly project?: { readonly name: string; readonly workers: number };
}

interface Claiming {
  readonly locks: readonly string[];
  readonly sharedLocks?: readonly string[];
  readonly weight?: Readonly<Record<string, number>>;
}

/** Joins the claims of tests that run one after the other. */
export function claimsOf(tests: readonly Claiming[]): Claims {
  const exclusive = [...new Set(tests.flatMap(({ locks }) => locks))];
  const shared = new Set(tests.flatMap(({ sharedLocks }) => sharedLocks ?? []));
  const weight: Record<string, number> = {};
  for (const test of tests)
    for (const [name, share] of Object.entries(test.weight ?? {})) weight[name] = Math.max(weight[name] ?? 0, share);
  return { exclusive, shared: [...shared].filter((name) => !exclusive.includes(name)), weight };
}

/** True if two tests have equal claims, so that they may share a job. */
export function sameClaims(first: Claiming, second: Claiming): boolean {
  return (
    first.locks.join() === second.locks.join() &&
    first.sharedLocks?.join() === second.sharedLocks?.join() &&
    (first.weight === second.weight || JSON.stringify(first.weight) === JSON.stringify(second.weight))
  );
}

/** The same claims, plus exclusive use of the machine. */
export function alone({ exclusive, ...rest }: Claims): Claims {
  return { ...rest, exclusive: [...new Set([...exclusive, HOST])] };
}
