import type { FastifyInstance } from 'fastify';
import type { Service } from '../../composition/compose.js';
import type { Charset } from '../../domain/exports/exports.js';
import type { RequestContexts } from '../request-contexts.js';
import { schemas } from '../schemas.js';

/** `GET` and `PUT /documents/:id`, `GET /documents/:id/export`. */
export function documentRoutes(app: FastifyInstance, { documents, exports }: Service, contexts: RequestContexts): void {
  app.get<{ Params: { id: string } }>('/documents/:id', async (request) => {
    const { budget, identity } = await contexts.of(request, 'user');
    return documents.read(budget, { tenant: identity.tenant, id: request.params.id });
  });

  app.put<{ Params: { id: string }; Body: { body: string } }>(
    '/documents/:id',
    { schema: schemas.document },
    async (request) => {
      const { budget, identity } = await contexts.of(request, 'user');
      return documents.write(budget, { tenant: identity.tenant, id: request.params.id }, request.body.body);
    },
  );

  app.get<{ Params: { id: string }; Querystring: { charset: Charset } }>(
    '/documents/:id/export',
    { schema: schemas.export },
    async (request, reply) => {
      const { budget, identity } = await contexts.of(request, 'user');
      const name = { tenant: identity.tenant, id: request.params.id };
      const file = await exports.document(budget, name, request.query.charset);
      return reply.type('application/octet-stream').send(file);
    },
  );
}
