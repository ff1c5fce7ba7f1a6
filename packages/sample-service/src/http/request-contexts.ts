import type { FastifyInstance, FastifyRequest } from 'fastify';
import { requireRole } from '../auth/identity.js';
import type { TokenVerifier } from '../auth/token-verifier.js';
import { startBudget, type Budget } from '../budget.js';
import type { RequestContext } from '../request-context.js';
import { ServiceError } from '../service-error.js';

/** Requester, and the clock, which starts when the request arrives. */
export interface RequestContexts {
  /** @throws ServiceError `INVALID_TOKEN`, `FORBIDDEN`, or `UNAVAILABLE` when it cannot be decided. */
  of(request: FastifyRequest, role: 'user' | 'admin'): Promise<RequestContext>;
}

/** Starts a budget for every request of `app`. */
export function createRequestContexts(
  app: FastifyInstance,
  options: { readonly verifier: TokenVerifier; readonly timeoutMs: number },
): RequestContexts {
  const budgets = new WeakMap<FastifyRequest, Budget>();
  app.addHook('onRequest', (request, _reply, done) => {
    budgets.set(request, startBudget(options.timeoutMs));
    done();
  });
  return {
    async of(request, role) {
      const identity = await options.verifier.verify(bearerToken(request));
      requireRole(identity, role);
      return { budget: budgets.get(request) as Budget, identity };
    },
  };
}

function bearerToken(request: FastifyRequest): string {
  const [scheme, token, ...rest] = (request.headers.authorization ?? '').split(' ');
  if (scheme?.toLowerCase() !== 'bearer' || !token || rest.length > 0)
    throw new ServiceError('INVALID_TOKEN', 'A bearer token is needed');
  return token;
}
