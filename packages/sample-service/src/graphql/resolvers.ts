import type { Service } from '../composition/compose.js';
import type { Account, Transfer, TransferOrder } from '../domain/accounts.js';
import type { Document } from '../domain/document.js';
import { newOperation } from '../domain/new-operation.js';
import type { RequestContext } from '../request-context.js';
import { ServiceError } from '../service-error.js';

/** Functions that answer the fields of the schema. */
export interface Resolvers {
  readonly Query: {
    document(root: unknown, args: { id: string }, context: RequestContext): Promise<Document>;
    account(root: unknown, args: { id: string }, context: RequestContext): Promise<Account>;
    total(root: unknown, args: unknown, context: RequestContext): Promise<number>;
  };
  readonly Mutation: {
    writeDocument(root: unknown, args: { id: string; body: string }, context: RequestContext): Promise<Document>;
    transfer(root: unknown, args: TransferOrder & { key?: string }, context: RequestContext): Promise<Transfer>;
  };
}

/** Resolvers on the use cases of the service. */
export function resolvers({
  accounts,
  documents,
}: Service): Resolvers & Record<string, Record<string, (...args: never[]) => unknown>> {
  return {
    Query: {
      document: (_root, { id }, { budget, identity: { tenant } }) => told(documents.read(budget, { tenant, id })),
      account: (_root, { id }, { budget }) => told(accounts.find(budget, id)),
      total: async (_root, _args, { budget }) => (await told(accounts.total(budget))).total,
    },
    Mutation: {
      writeDocument: (_root, { id, body }, { budget, identity: { tenant } }) =>
        told(documents.write(budget, { tenant, id }, body)),
      transfer(_root, { from, to, amount, key }, { budget, identity }) {
        const order = { from, to, amount };
        if (from === to || !Number.isSafeInteger(amount) || amount < 1)
          return told(
            Promise.reject(new ServiceError('INVALID_INPUT', 'A transfer needs two accounts and a whole amount')),
          );
        return told(
          accounts.transfer(budget, newOperation(identity.subject, `transfer ${JSON.stringify(order)}`, key), order),
        );
      },
    },
  };
}

async function told<T>(work: Promise<T>): Promise<T> {
  const { GraphQLError } = await import('graphql');
  return work.catch((error: unknown) => {
    const known = error instanceof ServiceError;
    throw new GraphQLError(known ? error.message : 'Something went wrong', {
      extensions: { code: known ? error.code : 'INTERNAL' },
    });
  });
}
