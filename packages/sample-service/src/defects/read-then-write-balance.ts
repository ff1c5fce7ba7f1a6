import type { Queries } from '../database/connections.js';
import { checkFunds, createAccounts, type Transfer, type TransferOrder } from '../domain/accounts.js';
import { createCounters } from '../domain/counters.js';
import type { Defect } from '../composition/defect.js';

/** Reads figures, changes them in JavaScript and writes them back without a lock: the last writer wins. */
export const defect: Defect = {
  accounts: (parts) => ({
    ...createAccounts(parts),
    transfer: (budget, operation, order) =>
      parts.operations.run(budget, 'READ COMMITTED', operation, (queries) => move(queries, order)),
  }),
  counters: (parts) => {
    const counters = createCounters(parts);
    return {
      ...counters,
      async increment(budget, name, by) {
        const queries = parts.statements.writing(budget);
        const [row] = await queries.rows<{ value: string }>('SELECT value FROM counters WHERE name = $1', [name]);
        if (row === undefined) return counters.increment(budget, name, by);
        const value = Number(row.value) + by;
        await queries.rows('UPDATE counters SET value = $2 WHERE name = $1', [name, value]);
        return { name, value };
      },
    };
  },
};

async function move(queries: Queries, order: TransferOrder): Promise<Transfer> {
  const { from, to, amount } = order;
  const rows = await queries.rows<{ id: string; balance: string }>(
    'SELECT id, balance FROM accounts WHERE id = $1 OR id = $2',
    [from, to],
  );
  const balances = new Map(rows.map((row) => [row.id, Number(row.balance)]));
  checkFunds(order, balances.get(from), balances.get(to));
  const after = new Map([
    [from, (balances.get(from) as number) - amount],
    [to, (balances.get(to) as number) + amount],
  ]);
  for (const [id, balance] of [...after].sort(([a], [b]) => (a < b ? -1 : 1))) {
    await queries.rows('UPDATE accounts SET balance = $2 WHERE id = $1', [id, balance]);
  }
  return { from, to, amount, fromBalance: after.get(from) as number, toBalance: after.get(to) as number };
}
