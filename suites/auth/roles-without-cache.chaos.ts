import { expect, test, until } from '../drivers/index.js';
import { isRightlyJudged, judged } from './admission.js';

test(
  'without Redis decisions on roles are the same',
  {
    id: 'A18',
    purpose: 'A cache outage neither grants nor denies anything: the database decides, also on what changes meanwhile.',
    tag: ['@auth', '@outage', '@roles'],
    needs: ['authorize', 'grant', 'metrics', 'tenantToken'],
    services: ['jwks', 'redis'],
    catches: ['cache-failure-is-fatal', 'roles-cached-forever'],
  },
  async ({ target, jwks, link, inject, load, config }) => {
    const grants = new Map([
      ['alice', ['approver', 'auditor']],
      ['bob', ['auditor']],
      ['carol', [] as string[]],
      ['user-1', ['approver']],
    ]);
    const stranger = await target.tenantToken('another');
    for (const [subject, roles] of grants) await target.grant(subject, roles);
    const tokens = new Map(
      await Promise.all([...grants.keys()].map(async (sub) => [sub, await jwks.issue({ sub })] as const)),
    );
    const cases = [...grants.keys()].flatMap((subject) => ['approver', 'auditor'].map((role) => ({ subject, role })));
    const decisions = {
      run: ({ worker, iteration }: { worker: number; iteration: number }) => {
        const { subject, role } = cases[(worker + iteration) % cases.length]!;
        const isGood = grants.get(subject)?.includes(role) === true;
        return judged({ token: tokens.get(subject) as string, isGood }, (token) => target.authorize(role, { token }));
      },
      right: isRightlyJudged,
      concurrency: config.concurrentRequests,
      operations: Math.max(200, config.concurrentRequests * cases.length),
    };
    const isConnected = async (): Promise<boolean> => (await target.metrics()).cache.connected;
    const change = async (subject: string, roles: string[]): Promise<void> => {
      await target.grant(subject, roles);
      grants.set(subject, roles);
    };
    await until('a cache that is in use', isConnected);
    await load.warmUp(decisions);
    expect(await load.closed(decisions)).toHaveNoWrongResult();

    // The same subject of another tenant was granted nothing, whatever is cached of this one.
    const ofStranger = () =>
      judged({ token: stranger, isGood: false }, (token) => target.authorize('approver', { token }));
    expect((await ofStranger()).isAdmitted).toBeInvariant(false);

    const outage = await inject(link('target', 'redis').cut());
    await until('a target without its cache', async () => !(await isConnected()));
    await change('bob', ['approver']);
    await change('alice', ['auditor']);
    const during = await load.closed(decisions);
    expect(during).toHaveNoWrongResult();
    expect(during).toHaveErrorRatioBelow(0.1);

    await outage.heal();
    const recovered = async (): Promise<void> => expect(await isConnected()).toBe(true);
    await expect(recovered).toRecoverWithin({ timeoutMs: config.timeoutMs, what: 'the cache' });
    const after = await load.closed(decisions);
    expect(after).toHaveNoWrongResult();
    expect(after).toHaveErrorRatioBelow(0.1);
  },
);
