import { expect, outcomeOf, seeded, test, until } from '../drivers/index.js';
import { isAdmitted } from './admission.js';

// Tolerance that the target may grant after `exp`, and the rest of a token's life.
const TOLERANCE_MS = 1000;
const LASTS_MS = 900;
const TRANSFERS = 4;

test(
  'a token that expires during a request decides about it once',
  {
    id: 'A10',
    purpose: 'A request is admitted or refused as a whole: no half of it happens because its token ended meanwhile.',
    tag: ['@auth', '@expiry'],
    needs: ['count', 'tables', 'transfer'],
    services: ['jwks', 'postgres'],
    catches: ['accept-expired'],
  },
  async ({ target, jwks, postgres, config }) => {
    const { accounts } = await target.tables();
    const from = seeded.account(0);
    const receivers = Array.from({ length: TRANSFERS }, (_, index) => seeded.account(index + 1));
    const balances = () => Promise.all([from, ...receivers].map((account) => target.count(account)));
    const [fromBefore = 0, ...before] = await balances();
    const holder = await postgres.connect();
    await holder.query('BEGIN');
    await holder.query(`SELECT FROM ${accounts} WHERE id = ANY($1) FOR UPDATE`, [receivers]);

    const endsMs = Date.now() + LASTS_MS;
    const token = await jwks.issue({ exp: (endsMs - TOLERANCE_MS) / 1000 });
    const transfers = receivers.map((to) =>
      target.transfer(from, to, 1, { token, key: `to-${to}` }).then(
        () => 'ok' as const,
        (error: unknown) => outcomeOf(error),
      ),
    );
    try {
      await until('transfers that wait', async () => (await postgres.sessions()).some(({ waiting }) => waiting), {
        timeoutMs: LASTS_MS,
      });
      await expect.poll(() => Date.now(), { timeout: config.timeoutMs, intervals: [5] }).toBeGreaterThan(endsMs);
    } finally {
      await holder.query('ROLLBACK');
    }
    const outcomes = await Promise.all(transfers);
    const [fromAfter = 0, ...after] = await balances();
    const moved = after.map((balance, index) => balance - (before[index] as number));
    for (const [index, outcome] of outcomes.entries())
      if (outcome === 'ok') expect(moved[index]).toBeInvariant(1);
      else if (outcome === 'rejected') expect(moved[index]).toBeInvariant(0);
    expect(fromBefore - fromAfter).toBeInvariant(moved.reduce((sum, amount) => sum + amount, 0));
    if (!outcomes.includes('ok')) test.inconclusive('No transfer was admitted before its token ended');

    expect(await isAdmitted(target.transfer(from, receivers[0] as string, 1, { token }))).toBeInvariant(false);
    expect(await target.count(from)).toBeInvariant(fromAfter);
  },
);
