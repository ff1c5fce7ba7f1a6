import type { FastifyInstance } from 'fastify';
import type { Service } from '../composition/compose.js';
import type { RequestContext } from '../request-context.js';
import { resolvers } from './resolvers.js';
import { typeDefinitions } from './type-definitions.js';

/** One GraphQL request. */
export interface GraphqlRequest {
  readonly query: string;
  readonly variables?: Record<string, unknown>;
  readonly operationName?: string;
}

/** Answers GraphQL requests. */
export interface GraphqlExecutor {
  execute(request: GraphqlRequest, context: RequestContext): Promise<object>;
  close(): Promise<void>;
}

/**
 * GraphQL on the same use cases. The library takes longer to load than the rest of the service takes to start. So the
 * first request loads it, into a separate application that answers only GraphQL.
 */
export function createGraphqlExecutor(service: Service): GraphqlExecutor {
  let starting: Promise<FastifyInstance> | undefined;

  async function start(): Promise<FastifyInstance> {
    const [{ fastify }, { mercurius }] = await Promise.all([import('fastify'), import('mercurius')]);
    const app = fastify();
    await app.register(mercurius, {
      schema: typeDefinitions,
      resolvers: resolvers(service),
      routes: false,
      queryDepth: 6,
      jit: 0,
    });
    await app.ready();
    return app;
  }

  return {
    async execute({ query, variables, operationName }, context) {
      const app = await (starting ??= start());
      return app.graphql(query, { ...context } as never, variables, operationName) as Promise<object>;
    },
    close: async () => void (await (await starting)?.close()),
  };
}
