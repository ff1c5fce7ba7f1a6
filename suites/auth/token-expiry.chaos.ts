import { seeded, test, expect } from '../drivers/index.js';
import { admission } from './admission.js';

// Tolerance that the target may grant after `exp`.
const TOLERANCE_MS = 1000;
const TOKENS = 8;

test(
  'tokens that expire under load are refused from then on',
  {
    id: 'A09',
    purpose: 'A token is worth nothing after its time, however busy the service is; until then it is good.',
    tag: ['@auth', '@expiry'],
    needs: ['read'],
    services: ['jwks'],
    catches: ['accept-expired'],
  },
  async ({ target, jwks, load, config }) => {
    const lasting = { token: await jwks.issue(), expiresMs: Infinity };
    await load.warmUp({ run: () => target.read(seeded.document(0), { token: lasting.token }) });
    const nowMs = Date.now();
    const expiring = await Promise.all(
      Array.from({ length: TOKENS }, async (_, index) => {
        const expiresMs = nowMs + 150 + index * 100;
        // Fractions of a second are allowed (RFC 7519, section 2).
        return { token: await jwks.issue({ exp: expiresMs / 1000 }), expiresMs };
      }),
    );
    const all = [lasting, ...expiring];
    const use = async ({ token, expiresMs }: typeof lasting) => {
      const sentMs = Date.now();
      const isAdmitted = (await admission(target.read(seeded.document(0), { token }))) !== undefined;
      return { isAdmitted, sentAfterExpMs: sentMs - expiresMs, answeredAfterExpMs: Date.now() - expiresMs };
    };
    const right = ({ isAdmitted, sentAfterExpMs, answeredAfterExpMs }: Awaited<ReturnType<typeof use>>): boolean =>
      isAdmitted ? sentAfterExpMs <= TOLERANCE_MS : answeredAfterExpMs >= 0;

    const lastMs = Math.max(...expiring.map(({ expiresMs }) => expiresMs)) + TOLERANCE_MS;
    const during = await load.closed({
      run: ({ random }) => use(random.pick(all)),
      right,
      concurrency: config.concurrentRequests,
      durationMs: Math.max(0, lastMs - Date.now()),
      jitterMs: config.jitterMs,
    });
    expect(during).toHaveNoWrongResult();
    expect(during).toHaveErrorRatioBelow(0.1);

    await expect.poll(() => Date.now(), { timeout: config.timeoutMs, intervals: [5] }).toBeGreaterThan(lastMs);
    const after = await load.closed({
      run: ({ worker, iteration }) => use(all[(worker + iteration) % all.length] as typeof lasting),
      right,
      concurrency: config.concurrentRequests,
      operations: Math.max(100, config.concurrentRequests * 2),
    });
    expect(after).toHaveNoWrongResult();
    expect(after).toHaveErrorRatioBelow(0.05);
  },
);
