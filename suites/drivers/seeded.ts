import type { ResolvedConfig } from '@chaos/test';
import type { SuiteOperations } from './operations.js';

/** What every test finds: ten documents, ten accounts with 1000 each, and a counter. */
export const seeded = {
  /** Documents, and accounts. */
  rows: 10,
  balance: 1000,
  counter: 'counter-0',
  account: (index: number): string => `account-${index}`,
  document: (index: number): string => `document-${index}`,
} as const;

/** What a driver with `tables` has made, too: as many accounts and documents as the environment says, and an item. */
export const seededTables = {
  item: 'ticket',
  quantity: 1_000_000,
  rows: (context: { readonly config: Pick<ResolvedConfig, 'dataRows'> }): number =>
    Math.max(seeded.rows, context.config.dataRows),
} as const;

/** The sum over the ten accounts that every test finds, read one after the other: for moments without transfers. */
export async function seededTotal(target: Pick<SuiteOperations, 'count'>): Promise<number> {
  const accounts = Array.from({ length: seeded.rows }, (_, index) => seeded.account(index));
  const balances = await Promise.all(accounts.map((account) => target.count(account)));
  return balances.reduce((sum, balance) => sum + balance, 0);
}
