import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { Service } from '../../composition/compose.js';
import { operationKey } from '../operation-key.js';
import type { RequestContexts } from '../request-contexts.js';
import { schemas } from '../schemas.js';

/** `GET /stock/:item`, `POST /bookings`. */
export function stockRoutes(app: FastifyInstance, { stock }: Service, contexts: RequestContexts): void {
  app.get<{ Params: { item: string } }>('/stock/:item', async (request) =>
    stock.find((await contexts.of(request, 'user')).budget, request.params.item),
  );

  app.post<{ Body: { item: string; quantity: number; reference?: string } }>(
    '/bookings',
    { schema: schemas.booking },
    async (request) => {
      const { budget, identity } = await contexts.of(request, 'user');
      const { item, quantity, reference } = request.body;
      return stock.book(budget, operationKey(request, identity.subject, { item, quantity, reference }), {
        item,
        quantity,
        reference: reference ?? randomUUID(),
      });
    },
  );
}
