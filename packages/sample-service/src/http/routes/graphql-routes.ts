import type { FastifyInstance } from 'fastify';
import type { Service } from '../../composition/compose.js';
import { createGraphqlExecutor, type GraphqlRequest } from '../../graphql/executor.js';
import { countFields } from '../../graphql/count-fields.js';
import { ServiceError } from '../../service-error.js';
import type { RequestContexts } from '../request-contexts.js';
import { schemas } from '../schemas.js';

/** `POST /graphql`. */
export function graphqlRoutes(app: FastifyInstance, service: Service, contexts: RequestContexts): void {
  const executor = createGraphqlExecutor(service);
  app.addHook('onClose', () => executor.close());

  app.post<{ Body: GraphqlRequest }>('/graphql', { schema: schemas.graphql }, async (request) => {
    const context = await contexts.of(request, 'user');
    const fields = await countFields(request.body.query);
    if (fields > service.graphqlFields)
      throw new ServiceError('INVALID_INPUT', `At most ${service.graphqlFields} fields can be asked for at once`);
    return executor.execute(request.body, context);
  });
}
