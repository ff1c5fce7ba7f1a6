import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeFolder } from './make-folder.js';
import { replaceFile } from './replace-file.js';

function sandbox(): string {
  const folder = mkdtempSync(join(tmpdir(), 'chaos-folder-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const modeOf = (path: string): number => statSync(path).mode & 0o7777;

test('makes every folder of the path with its mode, whatever the umask', () => {
  const root = sandbox();
  for (const umask of [0o077, 0o777, 0o000]) {
    const top = join(root, String(umask));
    const before = process.umask(umask);
    try {
      expect(makeFolder(join(top, 'a/b'), 0o755)).toBe(true);
    } finally {
      process.umask(before);
    }
    expect(['', 'a', 'a/b'].map((path) => modeOf(join(top, path)))).toEqual([0o755, 0o755, 0o755]);
  }
});

test('leaves what is there as it is, through a link too, and goes below it', () => {
  const root = sandbox();
  mkdirSync(join(root, 'there'));
  chmodSync(join(root, 'there'), 0o750);
  symlinkSync('there', join(root, 'link'));
  expect(makeFolder(join(root, 'link'), 0o700)).toBe(false);
  expect(makeFolder(join(root, 'link/new'), 0o700)).toBe(true);
  expect(makeFolder('/', 0o700)).toBe(false);
  expect([modeOf(join(root, 'there')), modeOf(join(root, 'there/new'))]).toEqual([0o750, 0o700]);
});

test('keeps what a folder inherits from the one above, such as its group', () => {
  const root = sandbox();
  chmodSync(root, 0o2755);
  const before = process.umask(0o077);
  try {
    makeFolder(join(root, 'shared'), 0o755);
  } finally {
    process.umask(before);
  }
  expect(modeOf(join(root, 'shared'))).toBe(process.platform === 'linux' ? 0o2755 : 0o755);
});

test('says at once where nothing can be made', () => {
  const root = sandbox();
  writeFileSync(join(root, 'file'), '');
  symlinkSync('nowhere', join(root, 'broken'));
  symlinkSync('circle', join(root, 'circle'));
  const codeOf = (path: string): unknown => {
    try {
      return makeFolder(path, 0o700);
    } catch (error) {
      return (error as NodeJS.ErrnoException).code;
    }
  };
  expect(['file', 'file/a/b', 'broken', 'broken/a', 'circle/a'].map((path) => codeOf(join(root, path)))).toEqual([
    'EEXIST',
    'ENOTDIR',
    'EEXIST',
    'EEXIST',
    'ELOOP',
  ]);
  if (process.platform === 'linux')
    expect(['/proc/nowhere', '/proc/nowhere/a/b', '/proc/self/nowhere/a'].map(codeOf)).toEqual([
      'ENOENT',
      'ENOENT',
      'ENOENT',
    ]);
});

test('a file is replaced whole, and a failure leaves no draft', () => {
  const root = sandbox();
  const file = join(root, 'file');
  writeFileSync(join(root, 'other'), 'of others');
  symlinkSync('other', file);
  replaceFile(file, 'one');
  replaceFile(file, 'two');
  expect(modeOf(file)).toBe(0o600);
  mkdirSync(join(root, 'folder/full'), { recursive: true });
  expect(() => replaceFile(join(root, 'folder'), 'three')).toThrow(/EISDIR|ENOTEMPTY|EEXIST/);
  expect(() => replaceFile(join(file, 'below'), 'three')).toThrow('ENOTDIR');
  expect(readdirSync(root).sort()).toEqual(['file', 'folder', 'other']);
});
