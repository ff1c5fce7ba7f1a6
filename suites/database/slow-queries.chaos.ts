import { OperationError, test, expect, until } from '../drivers/index.js';

test(
  'a query beyond its budget ends in the server too',
  {
    id: 'D21',
    purpose: 'Who gives up a query takes it back: the database does no work that nobody waits for.',
    tag: ['@database', '@timeout'],
    needs: ['slowReport'],
    services: ['postgres'],
    catches: ['no-statement-timeout'],
  },
  async ({ target, postgres, load, config }) => {
    const reports = async (): Promise<number> =>
      (await postgres.sessions()).filter(({ state, query }) => state === 'active' && query.includes('slow report'))
        .length;
    await load.warmUp({ run: () => target.slowReport(1) });
    const count = Math.max(1, config.connectionPoolSize - 1);

    const running = load.startTogether(count, () =>
      target.slowReport(Math.round(config.timeoutMs * config.deadlineFactor * 10)),
    );
    await until('reports that run in the server', async () => (await reports()) >= 1);
    const { results } = await running;
    const outcomes = results.map((result) =>
      result.status === 'rejected' && result.reason instanceof OperationError ? result.reason.outcome : result,
    );
    expect(outcomes).toEqual(outcomes.map(() => 'unavailable'));
    await expect.poll(reports, { timeout: config.timeoutMs / 5, message: 'reports that nobody waits for' }).toBe(0);

    await expect(() => target.slowReport(1)).toRecoverWithin({ timeoutMs: config.timeoutMs, what: 'reports' });
  },
);
