import type { FastifyInstance } from 'fastify';
import type { Service } from '../../composition/compose.js';
import type { TransferOrder } from '../../domain/accounts.js';
import { ServiceError } from '../../service-error.js';
import { operationKey } from '../operation-key.js';
import type { RequestContexts } from '../request-contexts.js';
import { furtherSchemas } from '../further-schemas.js';
import { schemas } from '../schemas.js';

/** `GET /accounts`, `GET /accounts/:id`, `GET /total`, `POST /transfers`, `POST /transfers/batch`. */
export function accountRoutes(app: FastifyInstance, { accounts }: Service, contexts: RequestContexts): void {
  app.get('/accounts', async (request) => accounts.list((await contexts.of(request, 'user')).budget));

  app.get<{ Params: { id: string } }>('/accounts/:id', async (request) =>
    accounts.find((await contexts.of(request, 'user')).budget, request.params.id),
  );

  app.get('/total', async (request) => accounts.total((await contexts.of(request, 'user')).budget));

  app.post<{ Body: TransferOrder }>('/transfers', { schema: schemas.transfer }, async (request) => {
    const { budget, identity } = await contexts.of(request, 'user');
    const { from, to, amount } = request.body;
    if (from === to) throw new ServiceError('INVALID_INPUT', 'A transfer needs two accounts');
    const order = { from, to, amount };
    return accounts.transfer(budget, operationKey(request, identity.subject, order), order);
  });

  app.post<{ Body: { orders: TransferOrder[] } }>(
    '/transfers/batch',
    { schema: furtherSchemas.transfers },
    async (request) => {
      const { budget, identity } = await contexts.of(request, 'user');
      const { orders } = request.body;
      return { results: await accounts.transferAll(budget, operationKey(request, identity.subject, orders), orders) };
    },
  );
}
