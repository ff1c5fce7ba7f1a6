import type { FastifyRequest } from 'fastify';
import type { OperationKey } from '../database/idempotency.js';
import { newOperation } from '../domain/new-operation.js';
import { ServiceError } from '../service-error.js';

/** @throws ServiceError `INVALID_INPUT` unless the header `Idempotency-Key` is absent or sound. */
export function operationKey(request: FastifyRequest, subject: string, order: object): OperationKey {
  const given = request.headers['idempotency-key'];
  if (given !== undefined && (typeof given !== 'string' || !/^[\x21-\x7e]{1,200}$/.test(given))) {
    throw new ServiceError('INVALID_INPUT', 'Idempotency-Key must be 1 to 200 visible ASCII characters');
  }
  return newOperation(subject, `${request.method} ${request.routeOptions.url} ${JSON.stringify(order)}`, given);
}
