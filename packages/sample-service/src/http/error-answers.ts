import type { FastifyError, FastifyInstance } from 'fastify';
import { ServiceError, type ErrorCode } from '../service-error.js';

/** The body of every answer that is an error. */
export interface ErrorBody {
  readonly error: { readonly code: ErrorCode; readonly message: string };
}

/** Maps an error to its answer; an unexpected one becomes `INTERNAL` without details. */
export function errorBody(error: unknown): ErrorBody {
  if (error instanceof ServiceError) return { error: { code: error.code, message: error.message } };
  return { error: { code: 'INTERNAL', message: 'Something went wrong' } };
}

/** Makes every error answer of `app` an {@link ErrorBody} with the right status. */
export function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError | ServiceError, request, reply) => {
    const known = error instanceof ServiceError ? error : fromFramework(error);
    if (known === undefined || known.code === 'INTERNAL') request.log.error(error);
    return reply.code(known?.status ?? 500).send(errorBody(known));
  });
  app.setNotFoundHandler((request, reply) =>
    reply.code(404).send(errorBody(new ServiceError('NOT_FOUND', `There is no ${request.method} ${request.url}`))),
  );
}

function fromFramework(error: FastifyError): ServiceError | undefined {
  const status = error.statusCode ?? 500;
  return status >= 400 && status < 500 ? new ServiceError('INVALID_INPUT', error.message) : undefined;
}
