import type { Queries } from './connections.js';
import { ServiceError } from '../service-error.js';

/** Result of claiming a key: the operation is new, or has an answer already. */
export type Claim = { readonly isNew: true } | { readonly isNew: false; readonly answer: unknown };

/** Names one operation of one client. */
export interface OperationKey {
  readonly key: string;
  /** Content of the operation: the same key with another request is refused. */
  readonly request: string;
}

/** Remembers operations and their answers, in the transaction of their effect. */
export interface Idempotency {
  /**
   * Waits for another transaction that holds the same key. After that the operation has an answer, or it was rolled
   * back and the key is ours.
   */
  claim(queries: Queries, operation: OperationKey): Promise<Claim>;
  complete(queries: Queries, operation: OperationKey, answer: unknown): Promise<void>;
}

/** Keys in a table with a unique index: PostgreSQL decides who comes first. */
export const idempotency: Idempotency = {
  async claim(queries, { key, request }) {
    const claimed = await queries.rows(
      'INSERT INTO operations (key, request) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING RETURNING key',
      [key, request],
    );
    if (claimed.length > 0) return { isNew: true };
    const [known] = await queries.rows<{ request: string; answer: unknown }>(
      'SELECT request, answer FROM operations WHERE key = $1',
      [key],
    );
    if (known === undefined) throw new ServiceError('CONTENTION', 'The idempotency key has just been removed');
    if (known.request !== request)
      throw new ServiceError('IDEMPOTENCY_KEY_REUSED', 'This idempotency key belongs to another request');
    return { isNew: false, answer: known.answer };
  },
  async complete(queries, { key }, answer) {
    await queries.rows('UPDATE operations SET answer = $2 WHERE key = $1', [key, JSON.stringify(answer)]);
  },
};
