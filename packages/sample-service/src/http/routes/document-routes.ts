import type { FastifyInstance } from 'fastify';
import type { Service } from '../../composition/compose.js';
import type { Charset } from '../../domain/exports.js';
import type { RequestContexts } from '../request-contexts.js';
import { schemas } from '../schemas.js';

/** `GET` and `PUT /documents/:id`, `GET /documents/:id/export`. */
export function documentRoutes(app: FastifyInstance, { documents, exports }: Service, contexts: RequestContexts): void {
  app.get<{ Params: { id: string } }>('/documents/:id', async (request) =>
    documents.read((await contexts.of(request, 'user')).budget, request.params.id),
  );

  app.put<{ Params: { id: string }; Body: { body: string } }>(
    '/documents/:id',
    { schema: schemas.document },
    async (request) =>
      documents.write((await contexts.of(request, 'user')).budget, request.params.id, request.body.body),
  );

  app.get<{ Params: { id: string }; Querystring: { charset: Charset } }>(
    '/documents/:id/export',
    { schema: schemas.export },
    async (request, reply) => {
      const { budget } = await contexts.of(request, 'user');
      const file = await exports.document(budget, request.params.id, request.query.charset);
      return reply.type('application/octet-stream').send(file);
    },
  );
}
