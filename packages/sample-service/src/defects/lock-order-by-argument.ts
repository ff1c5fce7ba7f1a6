import { checkFunds, createAccounts, type Transfer } from '../domain/accounts.js';
import type { Defect } from '../composition/defect.js';

/** Locks the payer first and the payee second, whatever their ids: opposite transfers wait for each other. */
export const defect: Defect = {
  accounts: (parts) => ({
    ...createAccounts(parts),
    transfer: (budget, operation, order) =>
      parts.operations.run(budget, 'READ COMMITTED', operation, async (queries): Promise<Transfer> => {
        const { from, to, amount } = order;
        const lock = async (id: string): Promise<number | undefined> => {
          const [row] = await queries.rows<{ balance: string }>(
            'SELECT balance FROM accounts WHERE id = $1 FOR UPDATE',
            [id],
          );
          return row && Number(row.balance);
        };
        const [fromBalance, toBalance] = [await lock(from), await lock(to)];
        checkFunds(order, fromBalance, toBalance);
        const add = 'UPDATE accounts SET balance = balance + $2::bigint WHERE id = $1';
        await queries.rows(add, [from, -amount]);
        await queries.rows(add, [to, amount]);
        return {
          ...order,
          fromBalance: (fromBalance as number) - amount,
          toBalance: (toBalance as number) + amount,
        };
      }),
  }),
};
