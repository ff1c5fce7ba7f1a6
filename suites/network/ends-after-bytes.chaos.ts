import { seeded, seededTotal, test, expect, until, type SuiteFixtures } from '../drivers/index.js';

/** Places in the bytes of one transfer in each direction: between any two of its messages there is one. */
const PLACES = 9;
const CLIENTS = 4;

test(
  'a connection that ends after n bytes yields no wrong answer, for any n',
  {
    id: 'N12',
    purpose: 'Wherever an answer is cut off, the rest is missing and nobody makes it up.',
    tag: ['@network', '@close'],
    needs: ['count', 'read', 'transfer', 'write'],
    services: ['postgres', 'redis'],
    catches: ['transfer-without-transaction'],
  },
  async ({ target, link, inject, load, config, random }) => {
    const total = await seededTotal(target);
    const value = 'to be read whole '.repeat(60);
    await target.write(seeded.document(0), value);
    const work = {
      run: async ({ iteration }: { iteration: number }): Promise<string> => {
        if (iteration % 2 === 0) await target.transfer(seeded.account(0), seeded.account(1), 1);
        return target.read(seeded.document(0));
      },
      right: (read: string) => read === value,
    };
    await load.warmUp(work);

    const sweep = await placesToCut({ link, inject, once: () => work.run({ iteration: 0 }), random });
    let cut = 0;
    for (const { service, direction, bytes } of sweep) {
      // Connections that are made anew would end while they are opened: those that are cut are in use.
      await load.closed({ ...work, concurrency: CLIENTS, operations: CLIENTS * 2 });
      const sinceMs = Date.now();
      const end = await inject(link('target', service).limitData({ bytes, direction }), {
        mayMeetNothing: 'the answers of a cached document are shorter',
      });
      let isOver = false;
      const running = load
        .closed({ ...work, concurrency: CLIENTS, operations: CLIENTS * 2 })
        .finally(() => (isOver = true));
      running.catch(() => {});
      // Who was cut comes back. That those are cut again says nothing more.
      const back = async (): Promise<number> => (await link('target', service).arrivals(sinceMs)).length;
      await until('connections that end', async () => isOver || (await back()) >= CLIENTS);
      cut += await back();
      await end.heal();
      const during = await running;
      expect(during.counts.wrong, `${service}, ${direction}, ${bytes} bytes`).toBeInvariant(0);
      expect(during.counts).toMatchObject({ timeout: 0, rejected: 0 });
    }
    if (cut === 0) test.inconclusive('no connection ended where it hurt');
    await expect(() => target.transfer(seeded.account(0), seeded.account(1), 1)).toRecoverWithin({
      timeoutMs: config.timeoutMs,
      what: 'transfers',
    });
    await expect.poll(() => target.read(seeded.document(0)), { timeout: config.timeoutMs }).toBe(value);
    expect(await seededTotal(target)).toConserve(total);
  },
);

/** Places to cut: n bytes from anywhere within a transfer, and from the first bytes of an answer of Redis. */
async function placesToCut({
  link,
  inject,
  once,
  random,
}: Pick<SuiteFixtures, 'link' | 'inject' | 'random'> & { readonly once: () => Promise<unknown> }) {
  const stream = random('bytes');
  const bytesOf = async (direction: 'upstream' | 'downstream'): Promise<number> => {
    // Cuts nothing, and counts.
    const meter = await inject(link('target', 'postgres').limitData({ bytes: 1 << 30, direction }));
    await once();
    await meter.heal();
    return meter.met?.()?.['bytes'] ?? 0;
  };
  const places = [];
  for (const direction of ['upstream', 'downstream'] as const) {
    const all = await bytesOf(direction);
    if (all === 0) test.inconclusive('a transfer sent nothing to PostgreSQL');
    for (let index = 0; index < PLACES; index += 1) {
      const bytes = 1 + Math.floor(((index + stream.next()) / PLACES) * all);
      places.push({ service: 'postgres', direction, bytes } as const);
    }
    for (const most of [8, 64, 512])
      places.push({ service: 'redis', direction, bytes: stream.integer(1, most) } as const);
  }
  return places;
}
