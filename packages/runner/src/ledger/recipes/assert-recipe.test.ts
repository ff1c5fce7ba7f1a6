import { chmodSync, chownSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { UndoRecipe } from '@chaos/spec';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../processes/source-process.test.helper.js';
import { assertRecipe } from './assert-recipe.js';

test.each([
  ['tc', 'qdisc', 'del', 'dev', 'eth0', 'root'],
  ['tc', 'qdisc', 'replace', 'dev', 'eth0', 'root', 'fq_codel', 'limit', '10240'],
  ['nft', 'delete', 'table', 'inet', 'chaos_lo_9294ab38'],
  ['ip', 'link', 'del', 'dev', 'ifbchaos0'],
  ['ip', '-6', 'rule', 'del', 'pref', '100'],
  ['rmdir', '/sys/fs/cgroup/chaos-probe-1'],
])('takes away what a fault made: %s %s %s', (...argv) => {
  expect(() => assertRecipe({ kind: 'exec', argv: argv as unknown as [string] })).not.toThrow();
});

test.each([
  [['sh', '-c', 'id']],
  [['/usr/sbin/tc', 'qdisc', 'del', 'dev', 'lo']],
  [['./tc', 'qdisc', 'del']],
  [['tc', '-batch', '/tmp/x']],
  [['tc', 'qdisc', 'del', '-force', 'lo']],
  [['tc', 'filter', 'add', 'dev', 'lo', 'bpf', 'object-file', '/tmp/x.o']],
  [['tc', 'exec', 'bpf', 'import', '/tmp/x', 'run', 'sh']],
  [['nft', '-f', '/tmp/x']],
  [['nft', 'delete', 'table', 'inet', 'x; include "/tmp/x"']],
  [['ip', 'netns', 'exec', 'x', 'sh']],
  [['ip', 'vrf', 'exec', 'x', 'sh']],
  [['ip', '-batch', '/tmp/x']],
  [['rmdir', '/sys/fs/cgroup/../../../tmp/x']],
  [['rmdir', '/home/x']],
  [['kill', '-9', '-1']],
  [['constructor']],
  [['tc', 'qdisc', 'del', 'a\nb']],
  [[]],
  ['tc qdisc del'],
  [[['tc']]],
])('never runs %j', (argv) => {
  expect(() => assertRecipe({ kind: 'exec', argv: argv as unknown as [string] })).toThrow(/Cannot undo by running/);
});

test.each([
  { kind: 'shell', argv: ['id'] },
  { kind: 'remove', path: 1 },
  { kind: 'signal', pid: 1, startTime: 1, signal: 'SIGKILL' },
  { kind: 'signal', pid: -1, startTime: 1, signal: 'SIGKILL' },
  { kind: 'signal', pid: 4242, startTime: 1, signal: '9' },
  { kind: 'signal', pid: 4242, signal: 'SIGKILL' },
  { kind: 'call', module: 'node:child_process', export: 'execSync', data: 'id' },
  { kind: 'call', module: 'data:text/javascript,export const f = () => {}', export: 'f', data: null },
  { kind: 'call', module: 'file:///no/such/file.mjs', export: 'f', data: null },
])('refuses %j', (recipe) => {
  expect(() => assertRecipe(recipe as unknown as UndoRecipe)).toThrow(TypeError);
});

function callIn(folder: string, name = 'heal'): UndoRecipe {
  return { kind: 'call', module: pathToFileURL(join(folder, 'heal.mjs')).href, export: name, data: null };
}

function undoPackage(): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'heal.mjs'), 'export const heal = () => {}; export const other = () => {};');
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ chaos: { undo: { './heal.mjs': ['heal'] } } }));
  return folder;
}

test('calls only what its own package declares as an undo', () => {
  const folder = undoPackage();
  expect(() => assertRecipe(callIn(folder))).not.toThrow();
  expect(() => assertRecipe(callIn(folder, 'other'))).toThrow(/does not list it in "chaos"/);
  const elsewhere = temporaryFolder();
  writeFileSync(join(elsewhere, 'package.json'), '{}');
  mkdirSync(join(elsewhere, 'sub'));
  writeFileSync(join(elsewhere, 'sub/heal.mjs'), 'export const heal = () => {};');
  expect(() => assertRecipe(callIn(join(elsewhere, 'sub')))).toThrow(/does not list it/);
  // A link must not let another file pass for a declared one.
  symlinkSync(join(elsewhere, 'sub/heal.mjs'), join(elsewhere, 'heal.mjs'));
  writeFileSync(join(elsewhere, 'package.json'), JSON.stringify({ chaos: { undo: { './heal.mjs': ['heal'] } } }));
  expect(() => assertRecipe(callIn(elsewhere))).toThrow(/does not list it/);
});

test.skipIf(process.getuid?.() !== 0)('calls nothing that another user could have written', () => {
  const foreign = undoPackage();
  chownSync(join(foreign, 'heal.mjs'), 65_533, 65_533);
  expect(() => assertRecipe(callIn(foreign))).toThrow(/heal.mjs belongs to uid 65533/);
  const open = undoPackage();
  chmodSync(open, 0o777);
  expect(() => assertRecipe(callIn(open))).toThrow(/everybody can rename what is in/);
  const planted = undoPackage();
  chownSync(planted, 65_533, 65_533);
  expect(() => assertRecipe(callIn(planted))).toThrow(/the folder .* belongs to uid 65533/);
});
