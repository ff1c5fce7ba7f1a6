import { randomUUID } from 'node:crypto';
import type { OperationKey } from '../database/idempotency.js';

/**
 * Names an operation in the realm of its subject. Without a key of the client it gets one of its own: that is how the
 * service itself finds out what became of a COMMIT whose answer was lost.
 */
export function newOperation(subject: string, request: string, key: string = `own-${randomUUID()}`): OperationKey {
  return { key: JSON.stringify([subject, key]), request };
}
