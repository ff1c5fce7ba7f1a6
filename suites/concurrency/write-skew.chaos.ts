import { outcomeOf, test, expect, until } from '../drivers/index.js';

test(
  'of those who leave at the same time one stays',
  {
    id: 'K16',
    purpose: 'A rule over several rows holds also when each of several changes keeps to it by itself (write skew).',
    tag: ['@concurrency', '@isolation'],
    needs: ['join', 'leave', 'onDuty'],
    services: ['postgres'],
    catches: ['range-checked-at-read-committed', 'no-retry-on-serialization-failure'],
  },
  async ({ target, postgres, inject, load, config }) => {
    const people = Array.from({ length: Math.min(4, config.connectionPoolSize) }, (_, index) => `person-${index}`);
    const teams = ['night', 'day'];
    for (const team of teams) for (const person of people) await target.join(team, person);
    await load.warmUp({ run: () => target.onDuty('night') });

    for (const team of teams) {
      // All of them have looked at the others before the first one's change can be seen.
      const held = await inject(postgres.holdCommits());
      const running = load.startTogether(people.length, (index) => target.leave(team, people[index] as string));
      await until(
        'several that are about to commit',
        async () => (await postgres.sessions()).filter(({ heldAtCommit }) => heldAtCommit).length > 1,
      );
      await held.heal();
      const { results } = await running;
      const outcomes = results.map((result) => (result.status === 'rejected' ? outcomeOf(result.reason) : 'ok'));
      const left = await target.onDuty(team);
      expect(left).toBeInvariant(people.filter((_, index) => outcomes[index] !== 'ok'));
      expect(left.length >= 1, `${left.length} of "${team}" are on duty`).toBeInvariant(true);
      // Those who lost against others were tried again: only the last one is refused.
      expect(outcomes.filter((outcome) => outcome !== 'ok')).toEqual(['rejected']);
    }
    await expect(() => target.join('night', 'person-0')).toRecoverWithin({
      timeoutMs: config.timeoutMs,
      what: 'joins',
    });
  },
);
