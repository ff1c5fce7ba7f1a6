import { seeded, test, expect } from '../drivers/index.js';

test(
  'with a full disk the service refuses what needs a file, and serves the rest',
  {
    id: 'R11',
    purpose: 'A full temporary disk costs exports, with a clear error, and neither half a file nor another request.',
    tag: ['@resource', '@disk'],
    needs: ['exportDocument', 'read', 'total', 'transfer', 'write'],
    catches: ['spool-error-ignored'],
  },
  async ({ target, inject, resources, load, config }) => {
    const disk = await resources.smallDisk({ bytes: 1 << 20 });
    await target.process.restart({ env: { TMPDIR: disk.path } });
    const body = 'a line of the document '.repeat(3000);
    await target.write(seeded.document(0), body);
    const total = await target.total();
    const exporting = {
      run: () => target.exportDocument(seeded.document(0)),
      right: (text: string) => text.endsWith(body) && text.length < body.length + 100,
    };
    const others = {
      run: async ({ iteration }: { iteration: number }): Promise<string> => {
        if (iteration % 2 === 0) await target.transfer(seeded.account(0), seeded.account(1), 1);
        return target.read(seeded.document(0));
      },
      right: (text: string) => text === body,
    };
    await load.warmUp(exporting);
    await load.warmUp(others);

    const full = await inject(disk.full());
    const [exports, rest] = await Promise.all([
      load.closed({ ...exporting, concurrency: 2, operations: 20 }),
      load.closed({ ...others, concurrency: 4, operations: 40 }),
    ]);
    expect(exports.counts.wrong).toBeInvariant(0);
    expect(exports.counts).toMatchObject({ ok: 0, rejected: 0, timeout: 0, unknown: 0 });
    expect(rest).toHaveNoWrongResult();
    expect(rest.counts).toMatchObject({ ok: 40 });
    await full.heal();

    await expect(exporting.run).toRecoverWithin({ timeoutMs: config.timeoutMs, what: 'exports' });
    expect(await load.closed({ ...exporting, concurrency: 2, operations: 10 })).toHaveNoWrongResult();
    expect(await target.total()).toConserve(total);
  },
);
