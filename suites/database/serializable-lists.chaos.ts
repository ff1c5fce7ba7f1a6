import { test, expect } from '../drivers/index.js';
import { postgresListAppend, runWorkload } from '@chaos/test/history';

test(
  'transactions under load have one order, and it is that of real time',
  {
    id: 'D05',
    purpose: 'Whatever many sessions do to the same rows at SERIALIZABLE, they could have done one after the other.',
    tag: ['@database', '@consistency'],
    needs: [],
  },
  async ({ postgres, recorder, config }) => {
    const pool = await postgres.pool({ max: config.connectionPoolSize });
    const lists = postgresListAppend(pool, { seed: config.runner.seed, isolation: 'serializable', keys: 5 });
    const history = await runWorkload(lists, { recorder, concurrency: config.connectionPoolSize, durationMs: 1500 });
    // The evidence that they conflicted: the server has refused some of them.
    if (!history.operations.some(({ type, error }) => type === 'fail' && error?.startsWith('40001')))
      test.inconclusive('no transaction was refused with 40001');
    expect(history).toBeSerializable({ level: 'strict-serializable' });
  },
);
