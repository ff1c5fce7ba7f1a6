import type { FastifyInstance } from 'fastify';
import type { Service } from '../../composition/compose.js';
import { furtherSchemas } from '../further-schemas.js';
import type { RequestContexts } from '../request-contexts.js';

/** `POST /jobs/:name/runs`, `GET /jobs/:name/runs`, `POST /settlements/:name`, `POST /digests`. */
export function exclusiveRoutes(
  app: FastifyInstance,
  { jobs, settlements, digests }: Service,
  contexts: RequestContexts,
): void {
  app.post<{ Params: { name: string }; Body: { ms: number } }>(
    '/jobs/:name/runs',
    { schema: furtherSchemas.busy },
    async (request) => jobs.run((await contexts.of(request, 'user')).budget, request.params.name, request.body.ms),
  );

  app.get<{ Params: { name: string } }>('/jobs/:name/runs', async (request) => ({
    runs: await jobs.runs((await contexts.of(request, 'user')).budget, request.params.name),
  }));

  app.post<{ Params: { name: string }; Body: { ms: number } }>(
    '/settlements/:name',
    { schema: furtherSchemas.busy },
    async (request) =>
      settlements.settle((await contexts.of(request, 'user')).budget, request.params.name, request.body.ms),
  );

  app.post<{ Body: { texts: string[]; rounds: number } }>(
    '/digests',
    { schema: furtherSchemas.digests },
    async (request) => digests.of((await contexts.of(request, 'user')).budget, request.body),
  );
}
