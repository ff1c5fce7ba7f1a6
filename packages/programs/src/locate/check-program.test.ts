import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { checkProgram } from './check-program.js';
import { programCapability } from './program-capability.js';

const signal = AbortSignal.timeout(60_000);
const LOOKED_FOR = {
  programs: ['made-up', 'also-made-up'],
  packages: ['made-up-server'],
  hint: 'Make it up.',
} as const;

let path = '';
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'chaos-programs-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(path, { recursive: true });
});

const program = (name: string): void =>
  writeFileSync(join(path, name), '#!/bin/sh\necho "$0 version 7"\n', { mode: 0o755 });

test('one on the path, with what it calls its version', async () => {
  program('also-made-up');
  expect(await checkProgram({ ...LOOKED_FOR, path, signal })).toEqual({
    status: 'ok',
    detail: expect.stringMatching(/^on PATH: .*also-made-up version 7$/),
  });
});

test('one that apt can fetch, and one that nobody can', async () => {
  expect(await checkProgram({ ...LOOKED_FOR, path, signal })).toEqual({
    status: 'warn',
    detail: expect.stringContaining('neither made-up nor also-made-up is on PATH, and there is no apt-get or dpkg-deb'),
    fix: 'Make it up.',
  });
  program('apt-get');
  program('dpkg-deb');
  expect(await checkProgram({ ...LOOKED_FOR, path, signal })).toMatchObject({
    status: 'warn',
    fix: 'To have it offline: apt-get install made-up-server',
  });
});

test('as a capability it is there where it can be had', async () => {
  const { name, detect } = programCapability(LOOKED_FOR);
  expect(name).toBe('made-up');
  vi.stubEnv('PATH', path);
  expect(await detect(signal)).toMatchObject({ available: false, fix: 'Make it up.' });
  program('apt-get');
  program('dpkg-deb');
  expect(await detect(signal)).toMatchObject({ available: true });
  program('made-up');
  vi.stubEnv('PATH', `${path}:/bin:/usr/bin`);
  expect(await detect(signal)).toMatchObject({ available: true, reason: expect.stringContaining('version 7') });
});
