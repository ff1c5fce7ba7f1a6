import type { DriverContext, TargetDriver } from '@chaos/test';
import type { FurtherOperations, InDriver, SuiteOperations } from './operations.js';
import { accounts } from './sample-service/accounts.js';
import { auth } from './sample-service/auth.js';
import { documents } from './sample-service/documents.js';
import { planning } from './sample-service/planning.js';
import { service } from './sample-service/service.js';
import { stock } from './sample-service/stock.js';
import { seeded, seededTables } from './seeded.js';

const operations: InDriver<SuiteOperations & FurtherOperations> = {
  ...accounts,
  ...auth,
  ...documents,
  ...planning,
  ...service,
  ...stock,
};

async function seed(context: DriverContext): Promise<void> {
  const numbers = Array.from({ length: seededTables.rows(context) }, (_, index) => index);
  await operations.set(context, {
    accounts: Object.fromEntries(numbers.map((index) => [seeded.account(index), seeded.balance])),
    documents: Object.fromEntries(
      numbers.map((index) => [seeded.document(index), `body of ${seeded.document(index)}`]),
    ),
    counters: { [seeded.counter]: 0 },
    stock: { [seededTables.item]: seededTables.quantity },
  });
}

/** Drives `@chaos/sample-service` over HTTP. */
const driver = { seed, operations } satisfies TargetDriver;
export default driver;
