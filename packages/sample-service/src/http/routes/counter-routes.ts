import type { FastifyInstance } from 'fastify';
import type { Service } from '../../composition/compose.js';
import type { RequestContexts } from '../request-contexts.js';
import { schemas } from '../schemas.js';

/** `GET /counters/:name`, `POST /counters/:name/increment`. */
export function counterRoutes(app: FastifyInstance, { counters }: Service, contexts: RequestContexts): void {
  app.get<{ Params: { name: string } }>('/counters/:name', async (request) =>
    counters.find((await contexts.of(request, 'user')).budget, request.params.name),
  );

  app.post<{ Params: { name: string }; Body: { by: number } }>(
    '/counters/:name/increment',
    { schema: schemas.increment },
    async (request) =>
      counters.increment((await contexts.of(request, 'user')).budget, request.params.name, request.body.by),
  );
}
