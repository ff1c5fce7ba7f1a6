import { createStock } from '../domain/stock.js';
import { ServiceError } from '../service-error.js';
import type { Defect } from '../composition/defect.js';

/**
 * Checks the stock before the transaction and writes what it computed from that. From post-mortems on oversold tickets
 * behind a read that had been moved "out of the hot path".
 */
export const defect: Defect = {
  stock: (parts) => {
    const stock = createStock(parts);
    return {
      ...stock,
      async book(budget, operation, order) {
        const { item, quantity, reference } = order;
        const level = await stock.find(budget, item);
        if (level.quantity < quantity)
          throw new ServiceError('OUT_OF_STOCK', `There are ${level.quantity} of "${item}" left, not ${quantity}`);
        return parts.operations.run(budget, 'READ COMMITTED', operation, async (queries) => {
          const left = level.quantity - quantity;
          await queries.rows('UPDATE stock SET quantity = $2 WHERE item = $1', [item, left]);
          await queries.rows('INSERT INTO bookings (reference, item, quantity) VALUES ($1, $2, $3)', [
            reference,
            item,
            quantity,
          ]);
          return { ...order, left };
        });
      },
    };
  },
};
