import { OperationError, test, expect, untilSeen } from '@chaos/suite-drivers';

test(
  'a query beyond its budget ends in the server too',
  {
    id: 'D21',
    purpose: 'Who gives up a query takes it back: the database does no work that nobody waits for.',
    tag: ['@database', '@timeout'],
    catches: ['no-statement-timeout'],
  },
  async ({ target, postgres, load, config }) => {
    const reports = async (): Promise<number> => {
      const [row] = await postgres.query<{ running: number }>(
        `SELECT count(*)::int AS running FROM pg_stat_activity WHERE application_name = 'sample-service' AND state = 'active' AND query LIKE '%slow report%'`,
      );
      return row?.running ?? 0;
    };
    await load.warmUp({ run: () => target.slowReport(1) });
    const count = Math.max(1, config.connectionPoolSize - 1);

    const running = load.startTogether(count, () =>
      target.slowReport(Math.round(config.timeoutMs * config.deadlineFactor * 10)),
    );
    await untilSeen('reports that run in the server', async () => (await reports()) >= 1, config.timeoutMs);
    const { results } = await running;
    const outcomes = results.map((result) =>
      result.status === 'rejected' && result.reason instanceof OperationError ? result.reason.outcome : result,
    );
    expect(outcomes).toEqual(outcomes.map(() => 'unavailable'));
    await expect.poll(reports, { timeout: config.timeoutMs / 5, message: 'reports that nobody waits for' }).toBe(0);

    await expect(() => target.slowReport(1)).toRecoverWithin({ timeoutMs: config.timeoutMs, what: 'reports' });
  },
);
