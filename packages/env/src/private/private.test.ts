import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { replaceFile } from '@chaos/spec';
import { expect, onTestFinished, test } from 'vitest';
import { assertTrusted, listPrivateFolder, openPrivateFile, privateFolder, readPrivateFile } from './index.js';

const isRoot = process.getuid?.() === 0;
const STRANGER = 65_533;

function sandbox(): string {
  const folder = mkdtempSync(join(tmpdir(), 'chaos-private-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test('makes a folder and a file that nobody else can read', () => {
  const folder = privateFolder(join(sandbox(), 'a/b'));
  expect([folder, join(folder, '..')].map((path) => statSync(path).mode & 0o777)).toEqual([0o700, 0o700]);
  replaceFile(join(folder, 'file'), 'one');
  replaceFile(join(folder, 'file'), 'two');
  expect(readPrivateFile(join(folder, 'file'))).toBe('two');
  expect(statSync(join(folder, 'file')).mode & 0o777).toBe(0o600);
  expect(listPrivateFolder(folder)).toEqual(['file']);
  expect(listPrivateFolder(join(folder, 'none'))).toEqual([]);
});

test('closes a folder that others could only read, and refuses one that they could write to', () => {
  const root = sandbox();
  mkdirSync(join(root, 'readable'), { mode: 0o755 });
  expect(statSync(privateFolder(join(root, 'readable'))).mode & 0o777).toBe(0o700);
  mkdirSync(join(root, 'open'));
  chmodSync(join(root, 'open'), 0o777);
  expect(() => privateFolder(join(root, 'open'))).toThrow(/others can write to it \(mode 0777\)/);
  expect(() => listPrivateFolder(join(root, 'open'))).toThrow(/others can write to it/);
});

test('refuses links, files and pipes in the place of a folder', () => {
  const root = sandbox();
  symlinkSync(privateFolder(join(root, 'real')), join(root, 'link'));
  symlinkSync(join(root, 'nowhere'), join(root, 'dangling'));
  writeFileSync(join(root, 'file'), '');
  execFileSync('mkfifo', [join(root, 'fifo')]);
  expect(() => privateFolder(join(root, 'link'))).toThrow(/symbolic link/);
  for (const name of ['dangling', 'file', 'fifo'])
    expect(() => privateFolder(join(root, name)), name).toThrow(expect.objectContaining({ code: 'ENVIRONMENT' }));
});

test('follows links above the folder, and goes on with the real path', () => {
  const root = sandbox();
  mkdirSync(join(root, 'real'));
  symlinkSync(join(root, 'real'), join(root, 'link'));
  expect(privateFolder(join(root, 'link/state'))).toBe(join(root, 'real/state'));
});

test('refuses a folder that everybody could replace', () => {
  const root = sandbox();
  chmodSync(root, 0o777);
  expect(() => privateFolder(join(root, 'state'))).toThrow(
    /everybody can rename what is in .* \(mode 0777, not sticky\)/,
  );
  chmodSync(root, 0o1777);
  expect(privateFolder(join(root, 'state'))).toBe(join(root, 'state'));
});

test('reads and writes no link, pipe, hard link or file that others can write to', () => {
  const folder = privateFolder(join(sandbox(), 'state'));
  const at = (name: string): string => join(folder, name);
  replaceFile(at('secret'), 'secret');
  symlinkSync(at('secret'), at('link'));
  linkSync(at('secret'), at('hard'));
  execFileSync('mkfifo', [at('fifo')]);
  writeFileSync(at('open'), 'x');
  chmodSync(at('open'), 0o666);
  expect(() => readPrivateFile(at('link'))).toThrow(/symbolic link/);
  expect(() => readPrivateFile(at('hard'))).toThrow(/it has 2 names/);
  expect(() => readPrivateFile(at('fifo'))).toThrow(/no regular file/);
  expect(() => openPrivateFile(at('fifo'), 1)).toThrow(/no regular file/);
  expect(() => readPrivateFile(at('open'))).toThrow(/others can write to it/);
  expect(() => readPrivateFile(folder)).toThrow(/no regular file/);
});

test.skipIf(!isRoot)('refuses what belongs to somebody else, and tells whose it is', () => {
  const root = sandbox();
  const folder = privateFolder(join(root, 'state'));
  replaceFile(join(folder, 'file'), '');
  chownSync(join(folder, 'file'), STRANGER, STRANGER);
  expect(() => readPrivateFile(join(folder, 'file'))).toThrow(`it belongs to uid ${STRANGER}, not to 0`);
  chownSync(folder, STRANGER, STRANGER);
  expect(() => privateFolder(folder)).toThrow(`it belongs to uid ${STRANGER}, not to 0`);
  chownSync(folder, 0, 0);
  chownSync(root, STRANGER, STRANGER);
  expect(() => privateFolder(folder)).toThrow(`the folder ${root} belongs to uid ${STRANGER}`);
  expect(() => assertTrusted(folder, 'hint')).toThrow(`the folder ${root} belongs to uid ${STRANGER}`);
});
