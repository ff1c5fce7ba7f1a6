import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { temporaryDirectory, type TemporaryDirectory } from '../temporary-directory.test.helper.js';
import { fetchedCapabilities } from './fetched-capabilities.js';

const { signal } = new AbortController();
const isInstalled = existsSync('/usr/lib/x86_64-linux-gnu/faketime');
const PATH = process.env['PATH'];
let folder: TemporaryDirectory;

const detect = (name: string) => {
  const found = fetchedCapabilities({ cacheDirectory: folder.path }).find((each) => each.name === name);
  return found!.detect(signal);
};

beforeEach(() => {
  folder = temporaryDirectory();
});
afterEach(() => {
  process.env['PATH'] = PATH;
  folder[Symbol.dispose]();
});

describe('fetchedCapabilities()', () => {
  test('misses what can neither be found nor downloaded, and says why', async () => {
    process.env['PATH'] = '/nowhere';
    expect(await detect('strace')).toMatchObject({ available: false, reason: expect.stringContaining('no apt-get') });
  });

  test('finds what was downloaded before', async () => {
    const bin = join(folder.path, `strace-${process.arch}`, 'root/usr/bin');
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, 'strace'), '#!/bin/sh\n', { mode: 0o755 });
    process.env['PATH'] = '/nowhere';
    expect(await detect('strace')).toEqual({ available: true, reason: `there is ${bin}/strace` });
  });

  test.skipIf(isInstalled)('believes no library that moves no clock', async () => {
    const root = join(folder.path, `faketime-${process.arch}`, 'root');
    const library = join(root, 'usr/lib/x86_64-linux-gnu/faketime');
    for (const path of [library, join(root, 'usr/bin')]) mkdirSync(path, { recursive: true });
    writeFileSync(join(root, 'usr/bin/faketime'), '#!/bin/sh\n', { mode: 0o755 });
    writeFileSync(join(library, 'libfaketimeMT.so.1'), 'no library');
    expect(await detect('faketime')).toMatchObject({ available: false, reason: expect.stringContaining('shifted by') });
  });
});
