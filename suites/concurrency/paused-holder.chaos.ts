import { outcomeOf, test, expect, until } from '../drivers/index.js';

const name = 'month';
/** Longer than its lease: it would be late without a pause, too. */
const workMs = 1500;

test(
  'a holder that slept longer than its lease stores nothing',
  {
    id: 'K09',
    purpose: 'Who was paused while holding a lease finds that another came after it, and does not overwrite its work.',
    tag: ['@concurrency', '@lock', '@fencing'],
    needs: ['settle', 'settlementTable'],
    services: ['postgres', 'redis'],
    catches: ['lease-without-fence'],
  },
  async ({ target, postgres, redis, inject, load, config }) => {
    await load.warmUp({ run: ({ worker }) => target.settle(`${name}-${worker}`, 1), operations: 4 });
    const client = await redis.connect();
    const { table, sequence, lease } = await target.settlementTable(name);
    const held = async (): Promise<boolean> => (await client.exists(lease)) === 1;

    // Opens the test's own session: to do so later would take longer than the lease lives.
    await postgres.sessions();
    const late = load.startTogether(1, () => target.settle(name, workMs));
    late.catch(() => {});
    await until('a lease', held);
    // It has drawn its number, too, once it works.
    await until('a holder at work', async () =>
      (await postgres.sessions()).some(({ state, query }) => state === 'active' && query.includes('pg_sleep')),
    );
    const pause = await inject(target.process.stop());
    await until('the end of the lease', async () => !(await held()));
    // Another instance, whose number is the next one.
    const [other] = await postgres.query<{ fence: string }>(
      `INSERT INTO ${table} (name, fence) VALUES ($1, nextval('${sequence}')) ON CONFLICT (name) DO UPDATE SET fence = excluded.fence RETURNING fence`,
      [name],
    );
    await pause.heal();

    const [result] = (await late).results;
    const [stored] = await postgres.query<{ fence: string }>(`SELECT fence FROM ${table} WHERE name = $1`, [name]);
    expect(stored?.fence).toBeInvariant(other?.fence);
    expect(result?.status === 'rejected' ? outcomeOf(result.reason) : result).toBeInvariant('rejected');
    await expect(() => target.settle(name, 1)).toRecoverWithin({ timeoutMs: config.timeoutMs, what: 'settlements' });
    const [after] = await postgres.query<{ fence: string }>(`SELECT fence FROM ${table} WHERE name = $1`, [name]);
    expect(Number(after?.fence)).toBeGreaterThan(Number(other?.fence));
  },
);
