import { expect, seeded, test, until } from '../drivers/index.js';
import { admission } from './admission.js';

interface Change {
  readonly startMs: number;
  readonly roles: readonly string[];
  endMs: number;
}

// A change is longer on its way than a look: those who look meanwhile fill the cache.
const SLOW = { latencyMs: 10, jitterMs: 10 };

test(
  'a revoked role opens nothing, however busy its holder is',
  {
    id: 'A17',
    purpose: 'A decision is never older than the last change that was acknowledged; those of others are not touched.',
    tag: ['@auth', '@consistency', '@roles'],
    needs: ['authorize', 'grant', 'read'],
    services: ['jwks', 'postgres'],
    catches: ['roles-cached-forever'],
  },
  async ({ target, jwks, link, inject, load, config }) => {
    for (const sub of ['alice', 'bob']) await target.grant(sub, ['approver']);
    const [alice, bob, carol] = await Promise.all(['alice', 'bob', 'carol'].map((sub) => jwks.issue({ sub })));
    const isMember = async (token: string | undefined): Promise<boolean> =>
      (await admission(target.authorize('approver', { token: token as string }))) !== undefined;
    await load.warmUp({ run: () => target.read(seeded.document(0), { token: alice as string }) });
    // A role that was looked up once may be remembered, and must not be when it is gone.
    expect(await isMember(alice)).toBeInvariant(true);

    const changes: Change[] = [{ startMs: -Infinity, endMs: -Infinity, roles: ['approver'] }];
    // Those that the decision may be based on: of the last change acknowledged before, or of one under way.
    const possible = (sentMs: number): readonly boolean[] => {
      const last = changes.findLastIndex(({ endMs }) => endMs <= sentMs);
      return changes.slice(last).map(({ roles }) => roles.includes('approver'));
    };
    // Answers overtake each other, so that a look into the database meets the next change.
    const slow = await Promise.all([
      inject(link('target', 'postgres').latency(SLOW)),
      inject(link('target', 'redis').latency({ latencyMs: 1, jitterMs: 1 }), { mayMeetNothing: 'roles need no cache' }),
    ]);
    let [isOver, certain] = [false, 0];
    const flip = async (): Promise<void> => {
      for (let round = 0; !isOver; round++) {
        const change = { startMs: performance.now(), endMs: Infinity, roles: round % 2 === 0 ? [] : ['approver'] };
        changes.push(change);
        await target.grant('alice', change.roles);
        change.endMs = performance.now();
        // While no change is under way only one decision is right.
        const enough = certain + 5;
        await until('decisions between two changes', () => isOver || certain >= enough);
      }
    };
    const decisions = load.closed({
      run: async ({ worker, iteration }) => {
        const who = (worker + iteration) % 5;
        const sentMs = performance.now();
        if (who === 0) return { who: 'bob', isRight: await isMember(bob) };
        if (who === 1) return { who: 'carol', isRight: !(await isMember(carol)) };
        const seen = await isMember(alice);
        const right = possible(sentMs);
        if (right.length === 1) certain += 1;
        return { who: 'alice', isRight: right.includes(seen) };
      },
      right: ({ isRight }) => isRight,
      concurrency: config.concurrentRequests,
      // So many that changes and decisions meet at least five times.
      operations: Math.max(900, config.concurrentRequests * 30),
      jitterMs: config.jitterMs,
    });
    const [result] = await Promise.all([decisions.finally(() => (isOver = true)), flip()]);
    expect(result).toHaveNoWrongResult();
    expect(result).toHaveErrorRatioBelow(0.1);
    if (changes.length < 5) test.inconclusive(`Only ${changes.length - 1} changes met the load`);
    for (const fault of slow) await fault.heal();
    await expect(() => isMember(bob)).toRecoverWithin({ timeoutMs: config.timeoutMs, what: 'decisions' });

    await target.grant('alice', []);
    expect(await isMember(alice)).toBeInvariant(false);
    expect(await isMember(bob)).toBeInvariant(true);
  },
);
