import { expect, seeded, test, until } from '../drivers/index.js';
import { isAdmitted } from './admission.js';
import { expectFewFetches } from './few-fetches.js';

test(
  'an issuer that does not answer in time costs a bounded time, and admits nobody',
  {
    id: 'A03',
    purpose: 'Requests that wait for keys give up in time, together, and leave nothing behind.',
    tag: ['@auth', '@latency'],
    needs: ['metrics', 'read'],
    services: ['jwks'],
    catches: ['no-timeout-for-keys', 'fail-open-without-keys', 'fetch-keys-every-request'],
  },
  async ({ target, jwks, inject, load, config }) => {
    const token = await jwks.issue();
    const authentication = () => target.read(seeded.document(0), { token });
    await load.warmUp({ run: authentication });

    const slow = await inject(jwks.latency(config.timeoutMs * 20));
    const before = await jwks.requests();
    await target.process.restart();
    // A fetch that was given up is followed by another one.
    const fetches = async (): Promise<number> => {
      if ((await jwks.requests()) - before < 2) await isAdmitted(authentication());
      return (await jwks.requests()) - before;
    };
    const askedMs = performance.now();
    await expect
      .poll(fetches, { timeout: config.timeoutMs, message: 'fetches after one that never ended' })
      .toBeGreaterThan(1);
    // Two were given up in that time, or the second has just begun: the next ones take as long.
    const apartMs = (performance.now() - askedMs) / 3;
    const requests = config.concurrentRequests * 2;
    await expectFewFetches({ jwks, tokens: requests, apartMs }, async () => {
      const during = await load.closed({
        run: () => isAdmitted(authentication()),
        right: (admitted) => !admitted,
        concurrency: config.concurrentRequests,
        operations: requests,
      });
      expect(during).toHaveNoWrongResult();
      expect(during).toHaveErrorRatioBelow(0.1);
      // Who waits for keys as long as the request may take has no time-out for them.
      expect(during).toHaveLatencyBelow({ max: config.timeoutMs * 0.6, outcome: 'any' });
    });
    const atRest = async (): Promise<boolean> => (await target.metrics()).requests.inProgress === 0;
    await until('no request in progress', atRest);

    await slow.heal();
    await expect(authentication).toRecoverWithin({ timeoutMs: config.timeoutMs, what: 'authentication' });
  },
);
