import type { FastifyInstance } from 'fastify';
import type { Service } from '../../composition/compose.js';
import type { Seed } from '../../domain/seeding.js';
import type { RequestContexts } from '../request-contexts.js';
import { schemas } from '../schemas.js';

/** `GET /whoami`, `GET /reports/slow?ms=`, and for admins `POST /admin/seed`. */
export function reportRoutes(app: FastifyInstance, { reports, seeding }: Service, contexts: RequestContexts): void {
  app.get('/whoami', async (request) => (await contexts.of(request, 'user')).identity);

  app.get<{ Querystring: { ms: string } }>('/reports/slow', { schema: schemas.slowReport }, async (request) =>
    reports.slow((await contexts.of(request, 'user')).budget, Number(request.query.ms)),
  );

  app.post<{ Body: Seed }>('/admin/seed', { schema: schemas.seed, bodyLimit: 16 * 1024 * 1024 }, async (request) => {
    const { budget, identity } = await contexts.of(request, 'admin');
    await seeding.apply(budget, identity.tenant, request.body);
    return { seeded: true };
  });
}
