import { expect, seeded, test } from '../drivers/index.js';
import { admission } from './admission.js';

/** Of each kind, for each clock. A token that lives for a second can be judged only in its time. */
const TOKENS = 30;

test(
  'a clock that is a little wrong is forgiven, and one that is more than that is not',
  {
    id: 'A11',
    purpose: 'Clocks of issuer and service may differ by the tolerance: no token lives longer, and none starts later.',
    tag: ['@auth', '@clock'],
    needs: ['clockToleranceMs', 'read'],
    services: ['jwks'],
    requires: ['faketime'],
    catches: ['accept-expired', 'no-clock-tolerance'],
  },
  async ({ target, jwks, inject, load, config }) => {
    const toleranceMs = await target.clockToleranceMs();
    const read = (token: string) => target.read(seeded.document(0), { token });
    const tally = { admitted: 0, refused: 0 };

    for (const offsetMs of [toleranceMs, 2 * toleranceMs, -toleranceMs, -2 * toleranceMs]) {
      const clock = await inject(target.process.clockOffset(offsetMs));
      await load.warmUp({ run: async () => read(await jwks.issue({}, { expiresInMs: 60_000 })) });
      const judge = async ({ iteration }: { readonly iteration: number }) => {
        // Whole seconds, so that a service may count in them. Even ones begin in this second, odd ones end with it.
        const second = Math.floor(Date.now() / 1000);
        const [nbf, exp] = iteration % 2 === 0 ? [second, second + 60] : [second - 60, second + 1];
        const token = await jwks.issue({ iat: second - 60, nbf, exp });
        const sentMs = Date.now() + offsetMs;
        const isAdmitted = (await admission(read(token))) !== undefined;
        const answeredMs = Date.now() + offsetMs;
        const isValidAt = (ms: number): boolean => ms >= nbf * 1000 - toleranceMs && ms < exp * 1000 + toleranceMs;
        const verdicts = new Set([sentMs, answeredMs].map(isValidAt));
        if (verdicts.size === 1) tally[isAdmitted ? 'admitted' : 'refused'] += 1;
        return { isAdmitted, offsetMs, nbf, exp, isRight: verdicts.has(isAdmitted) };
      };
      const judged = await load.closed({
        run: judge,
        right: ({ isRight }) => isRight,
        concurrency: config.concurrentRequests,
        operations: TOKENS * 2,
        jitterMs: 20,
      });
      expect(judged).toHaveNoWrongResult();
      expect(judged).toHaveErrorRatioBelow(0.05);
      await clock.heal();
    }
    // Of four clocks each kind is in time for three, and for one it is not.
    if (tally.admitted < TOKENS || tally.refused < TOKENS / 2)
      test.inconclusive(`Answers came too late to be judged: ${tally.admitted} admitted, ${tally.refused} refused`);
    await expect(async () => read(await jwks.issue())).toRecoverWithin({
      timeoutMs: config.timeoutMs,
      what: 'reads with new tokens by the right clock',
    });
  },
);
