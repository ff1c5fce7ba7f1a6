import { seeded, test, expect } from '../drivers/index.js';
import { admission } from './admission.js';

const ROTATIONS = 2;

test(
  'keys rotate under load, and a withdrawn one opens nothing',
  {
    id: 'A07',
    purpose:
      'The issuer may change its keys at any time: no valid token is refused for it, and no withdrawn key is trusted.',
    tag: ['@auth', '@rotation'],
    needs: ['read'],
    services: ['jwks'],
    catches: ['never-refresh-keys'],
  },
  async ({ target, jwks, load, config }) => {
    const tokens = [await jwks.issue()];
    const use = async (token: number): Promise<{ token: number; isAdmitted: boolean }> => ({
      token,
      isAdmitted: (await admission(target.read(seeded.document(0), { token: tokens[token] as string }))) !== undefined,
    });
    const authentication = {
      run: ({ worker, iteration }: { worker: number; iteration: number }) => use((worker + iteration) % tokens.length),
      right: ({ isAdmitted }: { isAdmitted: boolean }) => isAdmitted,
    };
    const rotate = async (): Promise<void> => {
      await jwks.rotate();
      tokens.push(await jwks.issue());
    };
    await load.warmUp(authentication);

    for (let rotation = 0; rotation < ROTATIONS; rotation++) {
      const [during] = await Promise.all([
        load.closed({
          ...authentication,
          concurrency: config.concurrentRequests,
          operations: Math.max(60, config.concurrentRequests * 10),
        }),
        rotate(),
      ]);
      expect(during).toHaveNoWrongResult();
      expect(during).toHaveErrorRatioBelow(0.05);
    }
    const settled = await load.closed({
      ...authentication,
      concurrency: config.concurrentRequests,
      operations: Math.max(60, config.concurrentRequests * tokens.length),
    });
    expect(settled).toHaveNoWrongResult();
    expect(settled).toHaveErrorRatioBelow(0.05);

    await jwks.withdraw();
    const newest = tokens.length - 1;
    await expect
      .poll(() => use(0), { timeout: config.timeoutMs, intervals: [50] })
      .toEqual({ token: 0, isAdmitted: false });
    const after = await load.closed({
      ...authentication,
      right: ({ token, isAdmitted }) => isAdmitted === (token === newest),
      concurrency: config.concurrentRequests,
      operations: Math.max(60, config.concurrentRequests),
    });
    expect(after).toHaveNoWrongResult();
    expect(after).toHaveErrorRatioBelow(0.05);
  },
);
