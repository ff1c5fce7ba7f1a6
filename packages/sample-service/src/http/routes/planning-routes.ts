import type { FastifyInstance } from 'fastify';
import type { Service } from '../../composition/compose.js';
import { operationKey } from '../operation-key.js';
import { furtherSchemas } from '../further-schemas.js';
import type { RequestContexts } from '../request-contexts.js';

/**
 * `GET /duties/:team`, `POST /duties/:team/:person/join` and `/leave`, `GET /reservations/:room`, `POST /reservations`.
 */
export function planningRoutes(
  app: FastifyInstance,
  { rosters, reservations }: Service,
  contexts: RequestContexts,
): void {
  app.get<{ Params: { team: string } }>('/duties/:team', async (request) => ({
    people: await rosters.onDuty((await contexts.of(request, 'user')).budget, request.params.team),
  }));

  app.post<{ Params: { team: string; person: string } }>('/duties/:team/:person/join', async (request) =>
    rosters.join((await contexts.of(request, 'user')).budget, request.params),
  );

  app.post<{ Params: { team: string; person: string } }>('/duties/:team/:person/leave', async (request) => {
    const { budget, identity } = await contexts.of(request, 'user');
    return rosters.leave(budget, operationKey(request, identity.subject, request.params), request.params);
  });

  app.get<{ Params: { room: string } }>('/reservations/:room', async (request) => ({
    reservations: await reservations.of((await contexts.of(request, 'user')).budget, request.params.room),
  }));

  app.post<{ Body: { room: string; first: number; last: number } }>(
    '/reservations',
    { schema: furtherSchemas.reservation },
    async (request) => {
      const { budget, identity } = await contexts.of(request, 'user');
      return reservations.reserve(budget, operationKey(request, identity.subject, request.body), request.body);
    },
  );
}
