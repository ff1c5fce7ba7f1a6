import {
  outcomeOf,
  test,
  expect,
  until,
  type Postgres,
  type SuiteFixtures,
  type SuiteTarget,
} from '../drivers/index.js';

const [payer, payee, item] = [(index: number) => `payer-${index}`, (index: number) => `payee-${index}`, 'lost-item'];
const pieces = 1000;
/** Answers are lost. By the proxy, whose resets pass its own black hole. */
const SILENCE = { mode: 'blackhole', direction: 'downstream', backend: 'proxy' } as const;
/** Kinds of writes, see `writes`. */
const kinds = 4;

test(
  'what was committed is never reported as failed',
  {
    id: 'D04',
    purpose: 'Where the answer to a write is lost the client is told so, or the truth, and no later read is wrong.',
    tag: ['@database', '@unknown-outcome'],
    needs: ['book', 'read', 'set', 'stock', 'tables', 'total', 'transfer', 'write'],
    services: ['postgres'],
    catches: ['unknown-commit-reported-as-failure', 'retry-not-idempotent'],
  },
  async ({ target, postgres, link, inject, load, config, random }) => {
    const count = config.concurrentRequests;
    const prefix = random('keys').integer(0, Number.MAX_SAFE_INTEGER).toString(36);
    const tables = await target.tables();
    const indices = Array.from({ length: count }, (_, index) => index);
    await target.set({
      accounts: {
        ...Object.fromEntries(indices.map((index) => [payer(index), 5])),
        ...Object.fromEntries(indices.map((index) => [payee(index), 0])),
        'late-payer': 5,
        'late-payee': 0,
      },
      documents: Object.fromEntries(indices.map((index) => [`note-${index}`, 'old'])),
      stock: { [item]: pieces },
    });
    const total = await target.total();
    const write = writes(target, prefix);
    const ask = (index: number) => (write[index % kinds] as (index: number) => Promise<unknown>)(index);
    const truth = () => writtenIn(postgres, tables);
    // In the cache before it is written.
    await load.warmUp({ run: ({ iteration }) => target.read(`note-${(iteration * 4) % count}`) });
    for (const index of indices.filter((index) => index % kinds === 3)) await target.read(`note-${index}`);

    // Writes are stopped in the server and the answers cut off; then they happen, and no client is told.
    const held = await inject(postgres.holdCommits());
    const running = load.startTogether(count, ask);
    await until(
      'every kind of write in the server',
      async () =>
        (await postgres.sessions()).filter(({ heldAtCommit }) => heldAtCommit).length >=
        Math.min(write.length, config.connectionPoolSize),
    );
    const silence = await inject(link('target', 'postgres').cut(SILENCE));
    const released = held.heal();
    await until('writes that are committed', async () => (await truth()).size > 0);
    const cut = await inject(link('target', 'postgres').cut());
    await released;
    // Soon enough for a second attempt of the service, which must find out what the first one did.
    await silence.heal();
    await cut.heal();
    const { results } = await running;
    await expect
      .poll(async () => (await postgres.sessions()).filter(({ inTransaction }) => inTransaction).length, {
        timeout: config.timeoutMs,
        intervals: [20],
      })
      .toBe(0);
    const happened = await truth();
    expect(results.flatMap((result, index) => lieOf(result, happened.has(index)))).toBeInvariant([]);
    await expect(() => target.total()).toRecoverWithin({ timeoutMs: config.timeoutMs, what: 'reads from PostgreSQL' });

    await judgeAfterwards({ target, postgres, load, indices, ask, happened, tables });
    await judgeForGood({ target, postgres, link, inject, load, tables });
    expect(await target.total()).toConserve(total);
  },
);

type Tables = Awaited<ReturnType<SuiteTarget['tables']>>;

/** The numbers of the writes that are in the database. */
async function writtenIn(postgres: Postgres, tables: Tables): Promise<ReadonlySet<number>> {
  const rows = await postgres.query<{ index: number }>(
    `SELECT substr(id, 7)::int AS index FROM ${tables.accounts} WHERE id LIKE 'payee-%' AND balance > 0
     UNION SELECT substr(reference, 6)::int FROM ${tables.bookings} WHERE reference LIKE 'lost-%'
     UNION SELECT substr(id, 6)::int FROM ${tables.documents} WHERE id LIKE 'note-%' AND body <> 'old'`,
  );
  return new Set(rows.map(({ index }) => index));
}

/** Nobody reads what was there before, and whoever asks again with the same key or name has it once. */
async function judgeAfterwards({
  target,
  postgres,
  load,
  indices,
  ask,
  happened,
  tables,
}: Pick<SuiteFixtures, 'target' | 'postgres' | 'load'> & {
  readonly indices: readonly number[];
  readonly ask: (index: number) => Promise<unknown>;
  readonly happened: ReadonlySet<number>;
  readonly tables: Tables;
}): Promise<void> {
  const kind = (wanted: number): readonly number[] => indices.filter((index) => index % kinds === wanted);
  const read = await Promise.all(kind(3).map((index) => target.read(`note-${index}`)));
  expect(read).toBeInvariant(kind(3).map((index) => (happened.has(index) ? `new ${index}` : 'old')));
  const again = await load.startTogether(indices.length, (index) =>
    index % kinds === 1 ? Promise.resolve() : ask(index),
  );
  const refused = again.results.flatMap((result, index) => (result.status === 'rejected' ? [index] : []));
  expect(refused).toEqual(kind(2).filter((index) => happened.has(index)));
  const twice = await postgres.query(
    `SELECT id, balance FROM ${tables.accounts} WHERE id LIKE 'payee-%' AND balance > 1`,
  );
  expect(twice).toBeInvariant([]);
  const { quantity, booked } = await target.stock(item);
  expect([quantity + booked, booked]).toBeInvariant([pieces, kind(2).length]);
}

/** An outage that outlasts every attempt: the last one failed for sure, and the first one was made. */
async function judgeForGood({
  target,
  postgres,
  link,
  inject,
  load,
  tables,
}: Pick<SuiteFixtures, 'target' | 'postgres' | 'link' | 'inject' | 'load'> & {
  readonly tables: Tables;
}): Promise<void> {
  const held = await inject(postgres.holdCommits());
  const running = load.startTogether(1, () => target.transfer('late-payer', 'late-payee', 1));
  const isHeld = async (): Promise<boolean> => (await postgres.sessions()).some(({ heldAtCommit }) => heldAtCommit);
  await until('a transfer at its COMMIT', isHeld);
  const silence = await inject(link('target', 'postgres').cut(SILENCE));
  const released = held.heal();
  const made = `SELECT 1 FROM ${tables.accounts} WHERE id = 'late-payee' AND balance > 0`;
  await until('a transfer that is committed', async () => (await postgres.query(made)).length > 0);
  const cut = await inject(link('target', 'postgres').cut());
  await released;
  const { results } = await running;
  await silence.heal();
  await cut.heal();
  expect(results.flatMap((result) => lieOf(result, true))).toBeInvariant([]);
}

/** Every kind of write: with a key, without one, with a name of its own, and of something that is cached. */
function writes(target: SuiteTarget, prefix: string): readonly ((index: number) => Promise<unknown>)[] {
  return [
    (index) => target.transfer(payer(index), payee(index), 1, { key: `${prefix}-${index}` }),
    (index) => target.transfer(payer(index), payee(index), 1),
    (index) => target.book(item, 1, { reference: `lost-${index}` }),
    (index) => target.write(`note-${index}`, `new ${index}`),
  ];
}

/** The answer, if it says the opposite of what happened; nothing if it says that the outcome is unknown. */
function lieOf(result: PromiseSettledResult<unknown>, happened: boolean): readonly string[] {
  if (result.status === 'fulfilled') return happened ? [] : ['ok'];
  const outcome = outcomeOf(result.reason);
  const saysNo = outcome === 'rejected' || outcome === 'unavailable';
  return saysNo && happened ? [`${outcome}: ${String(result.reason)}`] : [];
}
