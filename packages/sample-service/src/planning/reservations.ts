import type { Budget } from '../budget.js';
import type { OperationKey } from '../database/idempotency.js';
import type { OperationRunner } from '../database/operation-runner.js';
import type { Statements } from '../database/statements.js';
import type { Isolation } from '../database/transactions.js';
import { ServiceError } from '../service-error.js';

/** A room from a first to a last day, both included. */
export interface Reservation {
  readonly room: string;
  readonly first: number;
  readonly last: number;
}

/** Rooms, which nobody shares. */
export interface Reservations {
  of(budget: Budget, room: string): Promise<readonly Reservation[]>;
  /** @throws ServiceError `OCCUPIED` when another reservation has one of the days. */
  reserve(budget: Budget, operation: OperationKey, reservation: Reservation): Promise<Reservation>;
}

/** Reservations in PostgreSQL. SERIALIZABLE also covers rows that were not there when the days were looked at. */
export function createReservations(
  parts: { readonly statements: Statements; readonly operations: OperationRunner },
  isolation: Isolation = 'SERIALIZABLE',
): Reservations {
  return {
    of: (budget, room) =>
      parts.statements
        .reading(budget)
        .rows<Reservation>('SELECT room, first, last FROM reservations WHERE room = $1 ORDER BY first', [room]),
    reserve: (budget, operation, { room, first, last }) =>
      parts.operations.run(budget, isolation, operation, async (queries) => {
        const taken = await queries.rows(
          'SELECT 1 FROM reservations WHERE room = $1 AND first <= $3 AND last >= $2 LIMIT 1',
          [room, first, last],
        );
        if (taken.length > 0) throw new ServiceError('OCCUPIED', `"${room}" is taken between ${first} and ${last}`);
        await queries.rows('INSERT INTO reservations (room, first, last) VALUES ($1, $2, $3)', [room, first, last]);
        return { room, first, last };
      }),
  };
}
