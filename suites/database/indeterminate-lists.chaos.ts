import { BRAKE_LOCK, brakedCommits, commitBrake, test, expect, untilSeen } from '@chaos/suite-drivers';
import { postgresListAppend, runWorkload } from '@chaos/test/history';

test(
  'transactions whose sessions are terminated happened as a whole or not at all',
  {
    id: 'D06',
    purpose:
      'A transaction that the client was told of is there, in one order with all others; one that it was not told of is there as a whole or not at all.',
    tag: ['@database', '@consistency', '@unknown-outcome'],
  },
  async ({ postgres, inject, recorder, config }) => {
    const pool = await postgres.pool({ max: config.connectionPoolSize });
    const holder = await postgres.connect();
    const stop = new AbortController();
    const load = runWorkload(
      postgresListAppend(pool, { seed: config.runner.seed, isolation: 'serializable', keyDistribution: 'uniform' }),
      { recorder, concurrency: config.connectionPoolSize, signal: stop.signal },
    );
    const count = (wanted: string): number =>
      recorder.history().operations.filter(({ type }) => type === wanted).length;
    const more = (): Promise<void> => {
      const enough = count('ok') + 30;
      return untilSeen('transactions that get through', async () => count('ok') >= enough, config.timeoutMs);
    };
    await more();
    const brake = await inject(commitBrake(postgres, 'chaos_list_append'));
    for (let round = 1; round <= 2; round += 1) {
      await more();
      // At any of their steps, and some certainly in their COMMIT.
      await inject(postgres.terminateBackends({ state: 'active' }));
      await holder.query('SELECT pg_advisory_lock($1)', [BRAKE_LOCK]);
      await untilSeen('COMMITs in the server', async () => (await brakedCommits(postgres)) > 0, config.timeoutMs);
      await inject(postgres.terminateBackends({ state: 'active' }));
      await holder.query('SELECT pg_advisory_unlock($1)', [BRAKE_LOCK]);
    }
    await more();
    await brake.heal();
    stop.abort();
    const history = await load;
    expect(history.operations.filter(({ type }) => type === 'info').length).toBeGreaterThan(1);
    expect(history).toBeSerializable({ level: 'strict-serializable' });
  },
);
