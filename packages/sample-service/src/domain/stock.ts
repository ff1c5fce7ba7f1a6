import type { Budget } from '../budget.js';
import type { Queries } from '../database/connections.js';
import type { OperationKey } from '../database/idempotency.js';
import type { OperationRunner } from '../database/operation-runner.js';
import type { Statements } from '../database/statements.js';
import { ServiceError } from '../service-error.js';

/** Quantity of an item that is left, and quantity booked. */
export interface StockLevel {
  readonly item: string;
  readonly quantity: number;
  readonly booked: number;
}

/** An order to book some of an item; `reference` is unique among bookings. */
export interface BookingOrder {
  readonly item: string;
  readonly quantity: number;
  readonly reference: string;
}

/** Result of a booking. */
export interface Booking extends BookingOrder {
  readonly left: number;
}

/** Items that are never oversold. */
export interface Stock {
  find(budget: Budget, item: string): Promise<StockLevel>;
  book(budget: Budget, operation: OperationKey, order: BookingOrder): Promise<Booking>;
}

const LEVEL = `SELECT quantity, (SELECT coalesce(sum(quantity), 0) FROM bookings WHERE bookings.item = stock.item) AS booked FROM stock WHERE item = $1`;

/** Stock in PostgreSQL. Bookings run at SERIALIZABLE: their reads are still valid when they commit. */
export function createStock(parts: { readonly statements: Statements; readonly operations: OperationRunner }): Stock {
  return {
    async find(budget, item) {
      const [row] = await parts.statements.reading(budget).rows<{ quantity: string; booked: string }>(LEVEL, [item]);
      if (row === undefined) throw new ServiceError('NOT_FOUND', `There is no item "${item}"`);
      return { item, quantity: Number(row.quantity), booked: Number(row.booked) };
    },
    book: (budget, operation, order) =>
      parts.operations.run(budget, 'SERIALIZABLE', operation, (queries) => take(queries, order)),
  };
}

async function take(queries: Queries, order: BookingOrder): Promise<Booking> {
  const { item, quantity, reference } = order;
  const [row] = await queries.rows<{ quantity: string }>('SELECT quantity FROM stock WHERE item = $1', [item]);
  if (row === undefined) throw new ServiceError('NOT_FOUND', `There is no item "${item}"`);
  if (Number(row.quantity) < quantity)
    throw new ServiceError('OUT_OF_STOCK', `There are ${row.quantity} of "${item}" left, not ${quantity}`);
  const [taken] = await queries.rows<{ quantity: string }>(
    'UPDATE stock SET quantity = quantity - $2 WHERE item = $1 RETURNING quantity',
    [item, quantity],
  );
  try {
    await queries.rows('INSERT INTO bookings (reference, item, quantity) VALUES ($1, $2, $3)', [
      reference,
      item,
      quantity,
    ]);
  } catch (error) {
    if ((error as { code?: unknown }).code !== '23505') throw error;
    throw new ServiceError('DUPLICATE_BOOKING', `There is a booking "${reference}" already`, { cause: error });
  }
  return { item, quantity, reference, left: Number(taken?.quantity) };
}
