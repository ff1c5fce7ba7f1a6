import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runCommand } from './kernel/run-command.js';
import { assertExecutor } from './executors/assert-executor.js';
import { docker, kubectl, local, namespaceOf, ssh, withPrograms } from './executors/executor.js';

const signal = AbortSignal.timeout(20_000);
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'net-tc-programs-'));
  writeFileSync(join(folder, 'made-up'), '#!/bin/sh\necho "made up $*"\n', { mode: 0o755 });
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

test('a program of the folder is found by the command and by a shell within it, and by no other executor', async () => {
  const path = process.env['PATH'];
  const executor = withPrograms(local, folder);
  expect(await runCommand(executor, { argv: ['made-up', 'one'] }, signal)).toBe('made up one');
  expect(await runCommand(executor, { argv: ['sh', '-c', 'made-up two'] }, signal)).toBe('made up two');
  await expect(runCommand(local, { argv: ['made-up'] }, signal)).rejects.toMatchObject({ code: 'CAPABILITY_MISSING' });
  expect(process.env['PATH']).toBe(path);
});

test('what is installed goes first', async () => {
  writeFileSync(join(folder, 'true'), '#!/bin/sh\necho false\n', { mode: 0o755 });
  expect(await runCommand(withPrograms(local, folder), { argv: ['true'] }, signal)).toBe('');
});

test('another machine and a container have programs of their own', () => {
  for (const executor of [ssh('host'), docker('one'), kubectl('pod')])
    expect(() => withPrograms(executor, folder)).toThrow(TypeError);
  expect(withPrograms(namespaceOf(1), folder).programs).toEqual([folder]);
});

test('an undo that was written down uses no folder in which others could put a program', () => {
  assertExecutor(withPrograms(local, folder));
  assertExecutor(withPrograms(local, '/nowhere/at/all'));
  for (const programs of ['/usr/bin', ['bin'], [`${folder}:/tmp`], [7]])
    expect(() => assertExecutor({ ...local, programs: programs as string[] })).toThrow('no list of folders');
  const open = join(folder, 'open');
  mkdirSync(open);
  chmodSync(open, 0o777);
  expect(() => assertExecutor(withPrograms(local, open))).toThrow('everybody can write to');
});
