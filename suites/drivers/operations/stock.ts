import type { CallOptions } from './call-options.js';

/** A booking of a number of pieces. */
export interface Booking {
  readonly item: string;
  readonly quantity: number;
  readonly reference: string;
  readonly left: number;
}

/** Items that are booked until none is left. */
export interface StockOperations {
  /** Books pieces of an item, once for each reference. */
  book(item: string, quantity: number, options?: CallOptions & { readonly reference?: string }): Promise<Booking>;
  stock(item: string, options?: CallOptions): Promise<{ readonly quantity: number; readonly booked: number }>;
}
