import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, stat, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isChaosError } from '@chaos/spec';
import { expect, it, type TestContext } from 'vitest';
import { smallDisk, type SmallDisk } from './small-disk.js';

const signal = (): AbortSignal => AbortSignal.timeout(20_000);

async function made({ skip }: TestContext): Promise<SmallDisk> {
  try {
    return await smallDisk({ bytes: 1 << 20 }, signal());
  } catch (error) {
    if (!isChaosError(error, 'CAPABILITY_MISSING')) throw error;
    expect(error.hint).toContain('user namespaces');
    return skip(error.message);
  }
}

it('is as large as asked for, is full when asked for, and vanishes', async (context) => {
  const disk = await made(context);
  const { blocks, bsize } = await statfs(disk.path);
  expect(blocks * bsize).toBe(1 << 20);
  await writeFile(join(disk.path, 'before'), 'kept');

  const full = await disk.full().inject(signal());
  await expect(writeFile(join(disk.path, 'during'), 'lost')).rejects.toMatchObject({ code: 'ENOSPC' });
  expect(await readFile(join(disk.path, 'before'), 'utf8')).toBe('kept');
  await full.heal();
  await writeFile(join(disk.path, 'after'), 'x'.repeat(500_000));

  await disk[Symbol.asyncDispose]();
  expect(existsSync(disk.path)).toBe(false);
});

it.runIf(process.getuid?.() === 0)('is reached by a program of the user that it is made for', async () => {
  const account = { uid: 65_534, gid: 65_534 };
  await using disk = await smallDisk({ bytes: 1 << 20, account }, signal());
  execFileSync('touch', [join(disk.path, 'theirs')], account);
  expect((await stat(join(disk.path, 'theirs'))).uid).toBe(account.uid);
});

it.each([1000, 2 ** 31])('refuses %i bytes', async (bytes) => {
  await expect(smallDisk({ bytes }, signal())).rejects.toThrow(`bytes: current value is ${bytes}`);
});
