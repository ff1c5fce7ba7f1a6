import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { temporaryDirectory, type TemporaryDirectory } from '../temporary-directory.test.helper.js';
import { findExecutable } from './find-executable.js';

let folder: TemporaryDirectory;
beforeEach(() => {
  folder = temporaryDirectory();
  mkdirSync(join(folder.path, 'a/tool'), { recursive: true });
  mkdirSync(join(folder.path, 'b'));
  mkdirSync(join(folder.path, 'c'));
  writeFileSync(join(folder.path, 'b/tool'), '', { mode: 0o644 });
  writeFileSync(join(folder.path, 'c/tool'), '', { mode: 0o755 });
});
afterEach(() => {
  folder[Symbol.dispose]();
});

test('the first on the path that is a file and may be run', () => {
  const path = ['a', 'b', 'c'].map((name) => join(folder.path, name)).join(':');
  expect(findExecutable('tool', { path })).toBe(join(folder.path, 'c/tool'));
  expect(findExecutable('other', { path })).toBeUndefined();
  expect(findExecutable(join(folder.path, 'c/tool'), { path: '' })).toBe(join(folder.path, 'c/tool'));
  expect(findExecutable(join(folder.path, 'b/tool'), { path })).toBeUndefined();
});

test('relative folders and commands count only from a folder that is named', () => {
  expect(findExecutable('tool', { path: 'c:./c' })).toBeUndefined();
  expect(findExecutable('tool', { path: 'c', cwd: folder.path })).toBe(join(folder.path, 'c/tool'));
  expect(findExecutable('./c/tool', { path: '', cwd: folder.path })).toBe(join(folder.path, 'c/tool'));
  expect(findExecutable('./c/tool')).toBeUndefined();
});
