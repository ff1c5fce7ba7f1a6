import type { Queries } from '../database/connections.js';
import { checkFunds, createAccounts, type Transfer, type TransferOrder } from '../domain/accounts.js';
import type { Defect } from '../composition/defect.js';

/** Each statement of a transfer is right, but each is its own transaction. */
export const defect: Defect = {
  accounts: (parts) => ({
    ...createAccounts(parts),
    async transfer(budget, operation, order) {
      const queries = parts.statements.writing(budget);
      const claim = await parts.idempotency.claim(queries, operation);
      if (!claim.isNew && claim.answer !== null) return claim.answer as Transfer;
      const transfer = await move(queries, order);
      await parts.idempotency.complete(queries, operation, transfer);
      return transfer;
    },
  }),
};

async function move(queries: Queries, order: TransferOrder): Promise<Transfer> {
  const { from, to, amount } = order;
  const rows = await queries.rows<{ id: string; balance: string }>(
    'SELECT id, balance FROM accounts WHERE id = $1 OR id = $2',
    [from, to],
  );
  const balances = new Map(rows.map((row) => [row.id, Number(row.balance)]));
  checkFunds(order, balances.get(from), balances.get(to));
  const add = async (id: string, cents: number): Promise<number> => {
    const [row] = await queries.rows<{ balance: string }>(
      'UPDATE accounts SET balance = balance + $2::bigint WHERE id = $1 RETURNING balance',
      [id, cents],
    );
    return Number(row?.balance);
  };
  const fromBalance = await add(from, -amount);
  return { from, to, amount, fromBalance, toBalance: await add(to, amount) };
}
