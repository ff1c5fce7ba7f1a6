import type { Booking, StockOperations } from '../operations/stock.js';
import type { InDriver } from '../operations.js';
import { call, get } from './call.js';

/** Stock of the sample service. */
export const stock: InDriver<StockOperations> = {
  book: (context, item, quantity, options) =>
    call<Booking>(
      context,
      'POST',
      '/bookings',
      { item, quantity, ...(options?.reference !== undefined && { reference: options.reference }) },
      options,
    ),
  stock: (context, item, options) => get(context, `/stock/${encodeURIComponent(item)}`, options),
};
