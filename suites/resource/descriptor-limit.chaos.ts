import { readdir } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { seeded, test, expect } from '../drivers/index.js';

test(
  'at its limit of open files the service loses newcomers, and nothing else',
  {
    id: 'R06',
    purpose: 'Without a descriptor to spare connections that are there go on, and new ones work again later.',
    tag: ['@resource', '@descriptors'],
    needs: ['count', 'exportDocument', 'increment'],
  },
  async ({ target, inject, resources, load, config }) => {
    const first = await target.count(seeded.counter);
    const made = { increments: 0 };
    const work = { run: () => target.increment(seeded.counter).then(() => made.increments++) };
    await load.warmUp(work);
    const pid = await target.process.pid();
    const open = async (): Promise<number> => (await readdir(`/proc/${pid}/fd`)).length;

    const few = 6;
    const limit = await inject(resources.descriptorLimit({ pid, soft: (await open()) + few }));
    const { hostname, port } = new URL(target.directUrl);
    const strangers: Socket[] = [];
    try {
      const knock = (): void => {
        for (let index = 0; index < few * 4; index++)
          strangers.push(connect({ host: hostname, port: Number(port) }).on('error', () => {}));
      };
      const exporting = (): Promise<unknown> => target.exportDocument(seeded.document(0));
      // An export needs a file, which it cannot have once strangers have taken what others closed after the count, too.
      await expect
        .poll(
          () => {
            knock();
            return exporting().then(
              () => 'done',
              (error: { outcome?: unknown }) => error.outcome,
            );
          },
          {
            timeout: config.timeoutMs,
            message: 'an export without a descriptor',
          },
        )
        .toBe('unavailable');
      const during = await load.closed({ ...work, concurrency: 2, operations: 20 });
      expect(during.counts).toMatchObject({ wrong: 0, rejected: 0, timeout: 0 });
      await limit.heal();
      for (const stranger of strangers) stranger.destroy();
      await expect(exporting).toRecoverWithin({ timeoutMs: config.timeoutMs, what: 'exports' });
    } finally {
      for (const stranger of strangers) stranger.destroy();
    }
    expect(await target.process.pid()).toBe(pid);
    const lost = Math.max(0, first + made.increments - (await target.count(seeded.counter)));
    expect(lost).toBeInvariant(0);
  },
);
