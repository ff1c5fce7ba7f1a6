import { expect, outcomeOf, test } from '../drivers/index.js';

test(
  'without the database that keeps the roles nobody gets one',
  {
    id: 'A16',
    purpose: 'A role that cannot be looked up is not granted, whatever the token says; nor is it denied for good.',
    tag: ['@auth', '@outage', '@roles'],
    needs: ['authorize', 'grant'],
    services: ['jwks', 'postgres'],
    catches: ['roles-of-the-token-without-database'],
  },
  async ({ target, jwks, link, inject, load, config }) => {
    await Promise.all(['insider', 'newcomer'].map((subject) => target.grant(subject, ['approver'])));
    const tokenOf = (sub: string) => jwks.issue({ sub, roles: ['user', 'approver'] });
    const [insider, newcomer, outsider, stranger] = await Promise.all([
      tokenOf('insider'),
      tokenOf('newcomer'),
      tokenOf('outsider'),
      tokenOf('stranger'),
    ]);
    const members = [
      { token: insider, isMember: true },
      { token: outsider, isMember: false },
      { token: newcomer, isMember: true },
      // Nobody has asked for them before, so that no cache knows what they may.
      { token: stranger, isMember: false },
    ];
    const decisions = {
      run: async ({ worker, iteration }: { worker: number; iteration: number }) => {
        const { token, isMember } = members[(worker + iteration) % members.length]!;
        return { isMember, outcome: await target.authorize('approver', { token }).then(() => 'ok', outcomeOf) };
      },
      right: ({ isMember, outcome }: { isMember: boolean; outcome: string }) =>
        outcome !== (isMember ? 'rejected' : 'ok'),
      concurrency: config.concurrentRequests,
      operations: Math.max(60, config.concurrentRequests * members.length),
    };
    await load.warmUp({ run: () => target.authorize('approver', { token: insider }) });
    expect(await target.authorize('approver', { token: outsider }).then(() => 'ok', outcomeOf)).toBeInvariant(
      'rejected',
    );

    const outage = await inject(link('target', 'postgres').cut());
    let undecided = 0;
    const during = await load.closed({
      ...decisions,
      run: async (context) => {
        const decision = await decisions.run(context);
        if (decision.outcome !== 'ok' && decision.outcome !== 'rejected') undecided += 1;
        return decision;
      },
    });
    expect(during).toHaveNoWrongResult();
    if (undecided === 0) test.inconclusive('Every decision was made without the database');
    expect(during).toHaveLatencyBelow({ max: config.timeoutMs });

    await outage.heal();
    await expect(() => target.authorize('approver', { token: newcomer })).toRecoverWithin({
      timeoutMs: config.timeoutMs,
      what: 'decisions by the database',
    });
    expect(await load.closed(decisions)).toHaveNoWrongResult();
  },
);
