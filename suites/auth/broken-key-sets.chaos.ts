import { expect, seeded, test, until } from '../drivers/index.js';
import { isAdmitted } from './admission.js';

const MOST_MEMORY_MB = 96;

const BROKEN = {
  'a page for people': { body: '<html><body>It works!</body></html>', type: 'text/html' },
  'half of a document': { body: '{"keys":[{"kty":"EC","crv":"P-256","kid":"a","x":"' },
  'no key': { body: '{"keys":[]}' },
  'another document': { body: '{"issuer":"http://localhost","keys":{"a":1}}' },
  'ten megabytes': { body: '{"keys":[]}          ', repeat: 500_000 },
} as const;

test(
  'an issuer that answers nonsense admits nobody and costs no memory',
  {
    id: 'A05',
    purpose: 'Whatever comes instead of keys is no key, and is not kept: tokens are refused until keys come.',
    tag: ['@auth', '@input'],
    needs: ['metrics', 'read'],
    services: ['jwks'],
    catches: ['fail-open-without-keys'],
  },
  async ({ target, jwks, inject, load, config }) => {
    const token = await jwks.issue();
    const read = () => target.read(seeded.document(0), { token });
    await load.warmUp({ run: read });
    const keys = await (await fetch(jwks.url)).text();
    let broken = await inject(jwks.answers({ status: 500 }));
    await target.process.restart();
    const heapMb = async (): Promise<number> => (await target.metrics()).process.heapBytes / 1e6;
    const before = await heapMb();

    // Of the last one only its size is wrong.
    const answers = { ...BROKEN, 'good keys in ten megabytes': { body: keys.padEnd(10_000_000) } };

    for (const [what, answer] of Object.entries(answers)) {
      const next = await inject(jwks.answers(answer));
      await broken.heal();
      broken = next;
      const fetched = await jwks.requests();
      const isFetched = async (): Promise<boolean> => {
        expect(await isAdmitted(read())).toBeInvariant(false);
        return (await jwks.requests()) > fetched;
      };
      await until(`a fetch that got ${what}`, isFetched);
      const during = await load.closed({
        run: () => isAdmitted(read()),
        right: (admitted) => !admitted,
        concurrency: config.concurrentRequests,
        operations: config.concurrentRequests * 2,
      });
      expect(during).toHaveNoWrongResult();
      expect(during).toHaveErrorRatioBelow(0.1);
    }
    // Ten megabytes were sent more than once, and as text they are twice as many.
    expect((await heapMb()) - before).toBeLessThan(MOST_MEMORY_MB);

    await broken.heal();
    await expect(read).toRecoverWithin({ timeoutMs: config.timeoutMs, what: 'authentication' });
  },
);
