import fastify, { type FastifyInstance } from 'fastify';
import type { Service } from '../composition/compose.js';
import { answerErrors } from './error-answers.js';
import { shedLoad } from './load-shedding.js';
import { createRequestContexts } from './request-contexts.js';
import { accountRoutes } from './routes/account-routes.js';
import { counterRoutes } from './routes/counter-routes.js';
import { documentRoutes } from './routes/document-routes.js';
import { exclusiveRoutes } from './routes/exclusive-routes.js';
import { graphqlRoutes } from './routes/graphql-routes.js';
import { operationalPaths, operationalRoutes } from './routes/operational-routes.js';
import { planningRoutes } from './routes/planning-routes.js';
import { reportRoutes } from './routes/report-routes.js';
import { roleRoutes } from './routes/role-routes.js';
import { stockRoutes } from './routes/stock-routes.js';
import { endSilentConnections } from './silent-connections.js';

/** The service as an HTTP application; not listening yet. */
export function createApp(service: Service, isPrepared: () => boolean): FastifyInstance {
  const { settings, verifier } = service;
  const app = fastify({
    logger: { level: settings.logLevel },
    // A client that sends slowly gets no more time than one that asks for much.
    requestTimeout: settings.timeoutMs * 2,
    keepAliveTimeout: 72_000,
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    // Do not coerce types: "5" is not a number.
    ajv: { customOptions: { coerceTypes: false } },
  });
  answerErrors(app);
  endSilentConnections(app);
  const requests = shedLoad(app, service.requestLimit, (path) => operationalPaths.includes(path));
  const contexts = createRequestContexts(app, { verifier, timeoutMs: settings.timeoutMs });

  operationalRoutes(app, service, { isPrepared, requests });
  accountRoutes(app, service, contexts);
  counterRoutes(app, service, contexts);
  exclusiveRoutes(app, service, contexts);
  planningRoutes(app, service, contexts);
  documentRoutes(app, service, contexts);
  graphqlRoutes(app, service, contexts);
  reportRoutes(app, service, contexts);
  roleRoutes(app, service, contexts);
  stockRoutes(app, service, contexts);
  return app;
}
