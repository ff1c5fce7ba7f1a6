import { existsSync } from 'node:fs';
import type { Journal, UndoRecipe } from '@chaos/spec';
import { expect, it, vi } from 'vitest';
import { createAttempt } from './attempt.js';
import type { CapabilityName } from './capability.js';
import { detectCapabilities } from './detect-capabilities.js';

const NAMES: readonly CapabilityName[] = [
  'cgroup',
  'faketime',
  'htb',
  'ifb',
  'net-admin',
  'netem',
  'nft',
  'psi',
  'redis-server',
  'root',
  'setpriv',
  'strace',
  'tbf',
  'user-namespaces',
];

it('detectCapabilities() says of each why, and of each missing one how to get it', async () => {
  const settled: string[] = [];
  const recorded: UndoRecipe[] = [];
  const journal: Journal = {
    record: (recipe, what) => (recorded.push(recipe), { settle: () => void settled.push(what) }),
  };
  const capabilities = await detectCapabilities({ journal });
  expect(Object.keys(capabilities).toSorted()).toEqual(NAMES);
  for (const { available, reason, fix } of Object.values(capabilities)) {
    expect(reason).not.toBe('');
    expect(fix === '').toBe(available);
  }
  expect(capabilities.root.available).toBe(process.geteuid?.() === 0);
  expect(settled).toHaveLength(recorded.length);
  expect(recorded.length > 0 || !capabilities.cgroup.available).toBe(true);
  expect(recorded.filter((recipe) => recipe.kind === 'exec' && existsSync(recipe.argv[1] ?? ''))).toEqual([]);
});

it('detectCapabilities() finds nothing where no tool can be started', async () => {
  vi.stubEnv('PATH', '/nonexistent');
  const attempt = createAttempt(5000, new AbortController().signal);
  expect(await attempt(['unshare', 'true'])).toMatchObject({
    ok: false,
    missing: 'unshare',
    failure: 'unshare is not installed',
  });
  const { 'user-namespaces': namespaces, tbf, setpriv } = await detectCapabilities();
  expect([namespaces.available, tbf.available, setpriv.available]).toEqual([false, false, false]);
  expect(tbf.reason).toContain('unshare is not installed');
  vi.unstubAllEnvs();
});

it('an attempt that hangs is cut off and says so', async () => {
  const attempt = createAttempt(100, new AbortController().signal);
  const result = await attempt(['sleep', '30']);
  expect(result.ok).toBe(false);
  expect(result.failure).toContain('timed out');
});

it('detectCapabilities() stops when its signal aborts', async () => {
  await expect(detectCapabilities({ signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
});
