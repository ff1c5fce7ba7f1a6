import type { FastifyInstance } from 'fastify';
import { ServiceError } from '../service-error.js';

/** Counts of requests in progress and of refused ones. */
export interface RequestCounts {
  readonly inProgress: number;
  readonly shed: number;
}

/**
 * Refuses requests at once when `max` are in progress: a late answer helps nobody. Operational requests always pass.
 */
export function shedLoad(app: FastifyInstance, max: number, isExempt: (path: string) => boolean): () => RequestCounts {
  let inProgress = 0;
  let shed = 0;
  app.addHook('onRequest', (request, reply, done) => {
    if (isExempt(request.url)) return done();
    if (inProgress >= max) {
      shed += 1;
      void reply.header('retry-after', '1');
      return done(new ServiceError('OVERLOADED', `${max} requests are in progress already`));
    }
    inProgress += 1;
    reply.raw.once('close', () => (inProgress -= 1));
    done();
  });
  return () => ({ inProgress, shed });
}
