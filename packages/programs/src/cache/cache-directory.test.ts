import { chmodSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { cacheDirectory } from './cache-directory.js';

afterEach(() => vi.unstubAllEnvs());

function sandbox(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'chaos-cache-test-')));
  chmodSync(folder, 0o755);
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  vi.stubEnv('CHAOS_CACHE_DIR', '');
  vi.stubEnv('XDG_CACHE_HOME', '');
  vi.stubEnv('TMPDIR', join(folder, 'tmp'));
  mkdirSync(join(folder, 'tmp'));
  return folder;
}

test('CHAOS_CACHE_DIR, then XDG_CACHE_HOME, then the home; empty and relative ones do not count', () => {
  const folder = sandbox();
  vi.stubEnv('HOME', join(folder, 'home'));
  expect(cacheDirectory(undefined, undefined)).toBe(join(folder, 'home/.cache/chaos'));
  vi.stubEnv('XDG_CACHE_HOME', 'relative');
  expect(cacheDirectory(undefined, undefined)).toBe(join(folder, 'home/.cache/chaos'));
  vi.stubEnv('XDG_CACHE_HOME', join(folder, 'xdg'));
  expect(cacheDirectory(undefined, undefined)).toBe(join(folder, 'xdg/chaos'));
  vi.stubEnv('CHAOS_CACHE_DIR', join(folder, 'own/cache'));
  expect(cacheDirectory(undefined, undefined)).toBe(join(folder, 'own/cache'));
  expect(statSync(join(folder, 'own')).mode & 0o777).toBe(0o755);
  expect(existsSync('relative')).toBe(false);
});

test('without a home that can be written it is a private folder among the temporary files', () => {
  const folder = sandbox();
  vi.stubEnv('HOME', '/proc/nowhere');
  const cache = cacheDirectory(undefined, undefined);
  expect(cache).toBe(join(folder, `tmp/chaos-cache-${process.getuid?.() ?? 0}`));
  expect(statSync(cache).mode & 0o777).toBe(0o700);
});

test('a chosen folder that cannot be made is an error at once', () => {
  sandbox();
  vi.stubEnv('CHAOS_CACHE_DIR', '/proc/nowhere/cache');
  expect(() => cacheDirectory(undefined, undefined)).toThrow(
    expect.objectContaining({
      name: 'EnvironmentError',
      message: expect.stringContaining(
        'Cannot make the cache folder: current value is /proc/nowhere/cache (ENOENT',
      ) as unknown,
      hint: 'Set CHAOS_CACHE_DIR to a folder that you may write and every user may enter.',
    }),
  );
});
