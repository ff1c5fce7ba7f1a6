import { outcomeOf, seeded, test, expect } from '../drivers/index.js';

const wide = `{ ${Array.from({ length: 600 }, (_, index) => `a${index}: total`).join(' ')} }`;
const deep = `{ ${'... { '.repeat(700)}total${' }'.repeat(700)} }`;
const fragments = `{ ${Array.from({ length: 300 }, (_, index) => `a${index}: total ...f`).join(' ')} } fragment f on Query { ${Array.from({ length: 200 }, (_, index) => `b${index}: total`).join(' ')} }`;

test(
  'a query of thousands of parts costs its sender, not the others',
  {
    id: 'D22',
    purpose:
      'Pathologically wide or deep queries are refused before they reach the database; neighbours do not notice.',
    tag: ['@database', '@abuse'],
    needs: ['count', 'graphql'],
    services: ['postgres'],
    catches: ['graphql-without-limit'],
  },
  async ({ target, postgres, load, config }) => {
    await target.graphql('{ total }');
    const statements = async (): Promise<number> => {
      const [row] = await postgres.query<{ done: number }>(
        'SELECT (xact_commit + xact_rollback)::int AS done FROM pg_stat_database WHERE datname = current_database()',
      );
      return row?.done ?? 0;
    };
    const count = await target.count(seeded.counter);
    const queries = [wide, deep, fragments];
    const before = await statements();
    const { results } = await load.startTogether(queries.length * 2, (index) =>
      target.graphql(queries[index % queries.length] as string),
    );
    const outcomes = results.map((result) => (result.status === 'rejected' ? outcomeOf(result.reason) : 'ok'));
    expect(outcomes).toEqual(outcomes.map(() => 'rejected'));
    const neighbours = await load.closed({
      run: () => target.count(seeded.counter),
      right: (value: number) => value === count,
      concurrency: 4,
      operations: 40,
    });
    expect(neighbours).toHaveNoWrongResult();
    expect(neighbours.counts).toMatchObject({ ok: 40 });
    // The server counts late, and at most what these and the tests themselves have done.
    expect((await statements()) - before, 'transactions in the database').toBeLessThan(wide.length / 10);
    await expect(() => target.graphql('{ total }')).toRecoverWithin({
      timeoutMs: config.timeoutMs,
      what: 'small queries',
    });
  },
);
