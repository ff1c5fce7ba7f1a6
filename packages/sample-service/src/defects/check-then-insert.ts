import { createStock } from '../domain/stock.js';
import { ServiceError } from '../service-error.js';
import type { Defect } from '../composition/defect.js';

/**
 * Looks whether the reference is free, and stores over what is there otherwise: an upsert "for safety" made the unique
 * index silent. From bug reports on duplicate sign-ups with `ON CONFLICT DO UPDATE`.
 */
export const defect: Defect = {
  stock: (parts) => ({
    ...createStock(parts),
    book: (budget, operation, order) =>
      parts.operations.run(budget, 'READ COMMITTED', operation, async (queries) => {
        const { item, quantity, reference } = order;
        const taken = await queries.rows('SELECT 1 FROM bookings WHERE reference = $1', [reference]);
        if (taken.length > 0) throw new ServiceError('DUPLICATE_BOOKING', `There is a booking "${reference}" already`);
        const [left] = await queries.rows<{ quantity: string }>(
          'UPDATE stock SET quantity = quantity - $2 WHERE item = $1 AND quantity >= $2 RETURNING quantity',
          [item, quantity],
        );
        if (left === undefined) throw new ServiceError('OUT_OF_STOCK', `There are too few of "${item}" left`);
        await queries.rows(
          `INSERT INTO bookings (reference, item, quantity) VALUES ($1, $2, $3)
           ON CONFLICT (reference) DO UPDATE SET item = excluded.item, quantity = excluded.quantity`,
          [reference, item, quantity],
        );
        return { ...order, left: Number(left.quantity) };
      }),
  }),
};
