import { randomBytes } from 'node:crypto';
import { expect, OperationError, outcomeOf, seeded, seededTotal, test } from '../drivers/index.js';

const WRITERS = 4;
/** No page of a table has room for it, and no compression makes it small. */
const LARGE_BYTES = 30_000;

test(
  'a full disk of PostgreSQL costs what needs room, and nothing that was there',
  {
    id: 'D23',
    purpose:
      'Who needs room is refused, and told that nothing happened; what was there is read, and soon written again.',
    tag: ['@database', '@disk'],
    needs: ['count', 'read', 'transfer', 'write'],
    services: ['postgres'],
    catches: ['cache-before-database'],
  },
  async ({ target, postgres, inject, load, config }) => {
    const disk = await postgres.smallDisk({ bytes: 16 << 20 });
    const total = await seededTotal(target);
    const known = new Map<string, string>();
    let refused = 0;
    const write = async (id: string): Promise<void> => {
      const text = randomBytes(LARGE_BYTES).toString('base64');
      await target.write(id, text);
      known.set(id, text);
    };
    const writeAll = () => load.startTogether(WRITERS, (index) => write(seeded.document(index)));
    await writeAll();
    const transfer: Parameters<typeof load.closed>[0]['run'] = ({ random }) => {
      const [from, to] = random.shuffle(Array.from({ length: seeded.rows }, (_, index) => seeded.account(index)));
      return target.transfer(from as string, to as string, random.integer(1, 5));
    };
    await load.warmUp({ run: transfer });

    const full = await inject(disk.full());
    const [writes, transfers] = await Promise.all([
      load.closed({
        async run({ worker }) {
          const id = seeded.document(worker);
          const outcome = await write(id).then(() => 'ok', refusalOf);
          if (outcome !== 'ok') refused += 1;
          return { id, outcome, isKnown: (await target.read(id)) === known.get(id) };
        },
        // "Unavailable" says that nothing happened, so nobody may read it, either.
        right: ({ outcome, isKnown }) => isKnown && (outcome === 'ok' || outcome === 'unavailable'),
        concurrency: WRITERS,
        operations: WRITERS * 20,
      }),
      load.closed({
        run: transfer,
        concurrency: config.connectionPoolSize,
        operations: config.connectionPoolSize * 20,
      }),
    ]);
    // The server itself has no room either, or the writes had another reason.
    const room =
      'CREATE TABLE room TABLESPACE chaos_small_disk AS SELECT md5(n::text) FROM generate_series(1, 10000) n';
    const { code } = await postgres.query(room).then(
      () => ({ code: undefined }),
      (error: { code?: unknown }) => error,
    );
    if (code !== '53100' || refused === 0)
      test.inconclusive(`${refused} writes were refused; PostgreSQL had room on its disk (${String(code)})`);
    expect(writes).toHaveNoWrongResult();
    expect(writes).toHaveErrorRatioBelow(0.05);
    expect(transfers.counts).toMatchObject({ wrong: 0, rejected: 0, timeout: 0, unknown: 0 });
    expect(await seededTotal(target)).toConserve(total);
    await full.heal();

    await expect(() => write(seeded.document(0))).toRecoverWithin({ timeoutMs: config.timeoutMs, what: 'writes' });
    const { results } = await writeAll();
    expect(results.filter(({ status }) => status === 'rejected')).toEqual([]);
    for (const [id, text] of known) expect(await target.read(id)).toBeInvariant(text);
    expect(await load.closed({ run: transfer, concurrency: 2, operations: 40 })).toHaveErrorRatioBelow(0.1);
    expect(await seededTotal(target)).toConserve(total);
  },
);

/** The outcome, unless the service does not know itself what happened to it: 500 is no clean error. */
function refusalOf(error: unknown): string {
  const isInternal = error instanceof OperationError && error.data['status'] === 500;
  return isInternal ? 'an internal error' : outcomeOf(error);
}
