import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');

function fuzz(...args: string[]): { readonly code: number | null; readonly output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/fuzz-history.mjs', ...args], {
    cwd: root,
    encoding: 'utf8',
    timeout: 240_000,
  });
  return { code: status, output: stdout + stderr };
}

// A new seed each time: what it finds is repeated by the seed in the output.
test.each(['register', 'list', 'object', 'invariant'])(
  '1,000 random histories of kind %s are judged as brute force judges them',
  { timeout: 250_000 },
  (kind) => {
    const { code, output } = fuzz('--count', '1000', '--seed', randomBytes(4).toString('hex'), '--kind', kind);
    expect(code, output).toBe(0);
  },
);

test('random histories of a right store raise no alarm', { timeout: 250_000 }, () => {
  const { code, output } = fuzz('--count', '300', '--seed', randomBytes(4).toString('hex'), '--kind', 'store');
  expect(code, output).toBe(0);
});

test('says what it cannot do', () => {
  const { code, output } = fuzz('--kind', 'tree');
  expect([code, output]).toEqual([2, expect.stringContaining('want one of register, list')]);
});
