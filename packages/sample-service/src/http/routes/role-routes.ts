import type { FastifyInstance } from 'fastify';
import type { Service } from '../../composition/compose.js';
import type { RequestContexts } from '../request-contexts.js';
import { schemas } from '../schemas.js';

/** `GET /roles/:role` (403 for those without it), and for admins `PUT /admin/roles/:subject`. */
export function roleRoutes(app: FastifyInstance, { roles }: Service, contexts: RequestContexts): void {
  app.get<{ Params: { role: string } }>('/roles/:role', async (request) => {
    const { budget, identity } = await contexts.of(request, 'user');
    await roles.require(budget, identity, request.params.role);
    return { subject: identity.subject, role: request.params.role };
  });

  app.put<{ Params: { subject: string }; Body: { roles: string[] } }>(
    '/admin/roles/:subject',
    { schema: schemas.roles },
    async (request) => {
      const { budget, identity } = await contexts.of(request, 'admin');
      const member = { tenant: identity.tenant, subject: request.params.subject };
      await roles.set(budget, member, request.body.roles);
      return { ...member, roles: request.body.roles };
    },
  );
}
