import type { Postgres, WrittenRow } from '@chaos/test';
import { seeded } from './seeded.js';
import type { SuiteOperations } from './operations.js';

/** Rows behind accounts, by their ids. */
export type AccountRows = ReadonlyMap<string, WrittenRow>;

const PLACES = [0, 1, 2] as const;

/**
 * Finds the rows that the target keeps for the first three accounts: by what two transfers of an account write and the
 * one without it does not. Moves 1 between each two of them. `undefined` where an account has no such row, or several.
 */
export async function accountRows(
  target: Pick<SuiteOperations, 'transfer'>,
  postgres: Postgres,
): Promise<AccountRows | undefined> {
  // By the account that takes no part in the transfer.
  const written = new Map<number, readonly WrittenRow[]>();
  for (const absent of PLACES) {
    const [from, to] = PLACES.filter((place) => place !== absent).map(seeded.account) as [string, string];
    written.set(absent, await postgres.writtenRows(() => target.transfer(from, to, 1)));
  }
  const rows = new Map<string, WrittenRow>();
  for (const place of PLACES) {
    const [one, other] = PLACES.filter((absent) => absent !== place).map((absent) => written.get(absent) ?? []);
    const isIn = (list: readonly WrittenRow[] | undefined, row: WrittenRow): boolean =>
      list?.some(({ table, condition }) => table === row.table && condition === row.condition) ?? false;
    const own = (one ?? []).filter((row) => isIn(other, row) && !isIn(written.get(place), row));
    if (own.length !== 1) return undefined;
    rows.set(seeded.account(place), own[0] as WrittenRow);
  }
  return rows;
}
