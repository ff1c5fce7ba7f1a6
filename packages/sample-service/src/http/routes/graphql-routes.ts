import type { FastifyInstance } from 'fastify';
import type { Service } from '../../composition/compose.js';
import { createGraphqlExecutor, type GraphqlRequest } from '../../graphql/executor.js';
import type { RequestContexts } from '../request-contexts.js';
import { schemas } from '../schemas.js';

/** `POST /graphql`. */
export function graphqlRoutes(app: FastifyInstance, service: Service, contexts: RequestContexts): void {
  const executor = createGraphqlExecutor(service);
  app.addHook('onClose', () => executor.close());

  app.post<{ Body: GraphqlRequest }>('/graphql', { schema: schemas.graphql }, async (request) =>
    executor.execute(request.body, await contexts.of(request, 'user')),
  );
}
