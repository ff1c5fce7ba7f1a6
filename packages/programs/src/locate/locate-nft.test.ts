import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { temporaryDirectory, type TemporaryDirectory } from '../temporary-directory.test.helper.js';
import { locateNft } from './locate-nft.js';

const { signal } = new AbortController();
const PATH = process.env['PATH'];
let folder: TemporaryDirectory;

beforeEach(() => {
  folder = temporaryDirectory();
});
afterEach(() => {
  process.env['PATH'] = PATH;
  folder[Symbol.dispose]();
});

describe('locateNft()', () => {
  test('finds the one that is installed', async () => {
    writeFileSync(join(folder.path, 'nft'), '', { mode: 0o755 });
    expect(await locateNft({ signal, path: `/nowhere:${folder.path}` })).toBe(folder.path);
  });

  test('wraps one from the cache, with its libraries for it alone', async () => {
    const bin = join(folder.path, `nftables-${process.arch}`, 'root/usr/sbin');
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, 'libnftables.so.1'), '');
    writeFileSync(join(bin, 'nft'), '#!/bin/sh\necho "$LD_LIBRARY_PATH $*"\n');
    chmodSync(join(bin, 'nft'), 0o755);
    for (const time of ['first', 'again']) {
      const found = await locateNft({ signal, path: '/nowhere', cacheDirectory: folder.path });
      expect((await promisify(execFile)(join(found, 'nft'), ['list tables', time])).stdout).toBe(
        `${bin} list tables ${time}\n`,
      );
    }
  });

  test('is asked by many at once, and none of them gets into the way of another', async () => {
    const bin = join(folder.path, `nftables-${process.arch}`, 'root/usr/sbin');
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, 'nft'), '#!/bin/sh\necho "$*"\n', { mode: 0o755 });
    const asked = Array.from({ length: 40 }, () =>
      locateNft({ signal, path: '/nowhere', cacheDirectory: folder.path }),
    );
    const folders = new Set(await Promise.all(asked));
    expect(folders.size).toBe(1);
    expect(readdirSync([...folders][0] as string)).toEqual(['nft']);
  });

  test('says why there is none and how to get one', async () => {
    process.env['PATH'] = '/nowhere';
    const missing = {
      code: 'CAPABILITY_MISSING',
      message: expect.stringContaining('there is no apt-get here') as unknown,
      hint: expect.stringContaining('apt-get install nftables') as unknown,
    };
    await expect(locateNft({ signal, path: '/nowhere', cacheDirectory: folder.path })).rejects.toMatchObject(missing);
  });
});
