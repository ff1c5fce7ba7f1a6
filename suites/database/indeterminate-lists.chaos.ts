import { test, expect, until } from '../drivers/index.js';
import { postgresListAppend, runWorkload } from '@chaos/test/history';

test(
  'transactions whose sessions are terminated happened as a whole or not at all',
  {
    id: 'D06',
    purpose:
      'A transaction that the client was told of is there, in one order with all others; one that it was not told of is there as a whole or not at all.',
    tag: ['@database', '@consistency', '@unknown-outcome'],
    needs: [],
  },
  async ({ postgres, inject, recorder, config }) => {
    const pool = await postgres.pool({ max: config.connectionPoolSize });
    const stop = new AbortController();
    const load = runWorkload(
      postgresListAppend(pool, { seed: config.runner.seed, isolation: 'serializable', keyDistribution: 'uniform' }),
      { recorder, concurrency: config.connectionPoolSize, signal: stop.signal },
    );
    const count = (wanted: string): number =>
      recorder.history().operations.filter(({ type }) => type === wanted).length;
    const more = (): Promise<void> => {
      const enough = count('ok') + 30;
      return until('transactions that get through', async () => count('ok') >= enough);
    };
    await more();
    for (let round = 1; round <= 2; round += 1) {
      await more();
      // At any of their steps, and some certainly in their COMMIT.
      await inject(postgres.terminateBackends({ state: 'active' }));
      const held = await inject(postgres.holdCommits({ tables: ['chaos_list_append'] }));
      const atCommit = "SELECT 1 FROM pg_stat_activity WHERE query = 'COMMIT' AND wait_event = 'advisory'";
      await until('COMMITs in the server', async () => (await postgres.query(atCommit)).length > 0);
      await inject(postgres.terminateBackends({ state: 'active' }));
      await held.heal();
      const read = () => pool.query('SELECT count(*) FROM chaos_list_append');
      await expect(read).toRecoverWithin({ timeoutMs: config.timeoutMs, what: 'sessions of the pool' });
    }
    await more();
    stop.abort();
    const history = await load;
    expect(history.operations.filter(({ type }) => type === 'info').length).toBeGreaterThan(1);
    expect(history).toBeSerializable({ level: 'strict-serializable' });
  },
);
