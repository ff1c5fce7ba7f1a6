import { randomUUID } from 'node:crypto';
import type { OperationKey } from '../database/idempotency.js';

/**
 * Names an operation within the scope of its subject. Without a client's key it gets a generated one, which lets the
 * service find out the outcome of a COMMIT whose answer was lost.
 */
export function newOperation(subject: string, request: string, key: string = `own-${randomUUID()}`): OperationKey {
  return { key: JSON.stringify([subject, key]), request };
}
