import type { Budget } from '../budget.js';
import type { Queries } from '../database/connections.js';
import type { OperationKey } from '../database/idempotency.js';
import type { OperationRunner } from '../database/operation-runner.js';
import type { Statements } from '../database/statements.js';
import { ServiceError } from '../service-error.js';
import { moveAll, type BatchResult } from './transfer-batch.js';

/** Money of one owner, in whole cents. */
export interface Account {
  readonly id: string;
  readonly balance: number;
}

/** An order to move money. */
export interface TransferOrder {
  readonly from: string;
  readonly to: string;
  readonly amount: number;
}

/** Result of a transfer. */
export interface Transfer extends TransferOrder {
  readonly fromBalance: number;
  readonly toBalance: number;
}

/** Accounts, and transfers between them that conserve their total. */
export interface Accounts {
  find(budget: Budget, id: string): Promise<Account>;
  list(budget: Budget): Promise<Account[]>;
  total(budget: Budget): Promise<{ readonly total: number; readonly accounts: number }>;
  transfer(budget: Budget, operation: OperationKey, order: TransferOrder): Promise<Transfer>;
  /** In one transaction, without those that are refused. */
  transferAll(
    budget: Budget,
    operation: OperationKey,
    orders: readonly TransferOrder[],
  ): Promise<readonly BatchResult[]>;
}

interface Row {
  readonly id: string;
  readonly balance: string;
}

/** Accounts in PostgreSQL. Transfers run at READ COMMITTED and lock both rows in the order of their ids. */
export function createAccounts(parts: {
  readonly statements: Statements;
  readonly operations: OperationRunner;
}): Accounts {
  return {
    async find(budget, id) {
      const [row] = await parts.statements
        .reading(budget)
        .rows<Row>('SELECT id, balance FROM accounts WHERE id = $1', [id]);
      if (row === undefined) throw noAccount(id);
      return { id: row.id, balance: Number(row.balance) };
    },
    async list(budget) {
      const rows = await parts.statements.reading(budget).rows<Row>('SELECT id, balance FROM accounts ORDER BY id');
      return rows.map((row) => ({ id: row.id, balance: Number(row.balance) }));
    },
    async total(budget) {
      const [row] = await parts.statements
        .reading(budget)
        .rows<{ total: string; accounts: string }>(
          'SELECT coalesce(sum(balance), 0) AS total, count(*) AS accounts FROM accounts',
        );
      return { total: Number(row?.total), accounts: Number(row?.accounts) };
    },
    transfer: (budget, operation, order) =>
      parts.operations.run(budget, 'READ COMMITTED', operation, (queries) => move(queries, order)),
    transferAll: (budget, operation, orders) =>
      parts.operations.run(budget, 'READ COMMITTED', operation, (queries) => moveAll(queries, orders, move)),
  };
}

async function move(queries: Queries, order: TransferOrder): Promise<Transfer> {
  const { from, to, amount } = order;
  const locked = await queries.rows<Row>(
    'SELECT id, balance FROM accounts WHERE id = $1 OR id = $2 ORDER BY id FOR UPDATE',
    [from, to],
  );
  const balances = new Map(locked.map((row) => [row.id, Number(row.balance)]));
  checkFunds(order, balances.get(from), balances.get(to));
  const moved = await queries.rows<Row>(
    'UPDATE accounts SET balance = balance + CASE WHEN id = $1 THEN -$3::bigint ELSE $3::bigint END WHERE id = $1 OR id = $2 RETURNING id, balance',
    [from, to, amount],
  );
  const after = new Map(moved.map((row) => [row.id, Number(row.balance)]));
  return { from, to, amount, fromBalance: after.get(from) as number, toBalance: after.get(to) as number };
}

/** @throws ServiceError `NOT_FOUND` or `INSUFFICIENT_FUNDS`. */
export function checkFunds(
  { from, to, amount }: TransferOrder,
  fromBalance: number | undefined,
  toBalance: number | undefined,
): void {
  if (fromBalance === undefined) throw noAccount(from);
  if (toBalance === undefined) throw noAccount(to);
  if (fromBalance < amount)
    throw new ServiceError('INSUFFICIENT_FUNDS', `Account "${from}" has ${fromBalance}, not ${amount}`);
}

function noAccount(id: string): ServiceError {
  return new ServiceError('NOT_FOUND', `There is no account "${id}"`);
}
