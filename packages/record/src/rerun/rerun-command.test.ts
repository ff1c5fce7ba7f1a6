import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { RunEvent, TestCase } from '@chaos/spec';
import { afterEach, expect, test } from 'vitest';
import { rerunCommand } from './rerun-command.js';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'chaos-rerun-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
}

function command(rootDir: string, argv: readonly string[] = [], { project = '', variant = '' } = {}): string {
  const run = { config: { rootDir }, argv, ...(variant !== '' && { variant }) } as Extract<
    RunEvent,
    { readonly type: 'run-start' }
  >;
  return rerunCommand({ location: { file: join(rootDir, 'a b.chaos.ts'), line: 3 }, project } as TestCase, 's', run);
}

test('has the file of settings, the project and the variant that the run was started with', () => {
  expect(command('/no/such')).toBe("npx chaos 'a b.chaos.ts:3' --seed s");
  expect(command('/no/such', ['run', '-c', 'other/chaos.yaml'], { project: 'p q', variant: 'broken' })).toBe(
    "npx chaos 'a b.chaos.ts:3' -c other/chaos.yaml --seed s --project 'p q' --variant broken",
  );
  for (const argv of [
    ['--config', 'o.yaml'],
    ['--config=o.yaml'],
    ['-co.yaml'],
    ['x', '-c', 'o.yaml', '--', '-c', 'z'],
  ])
    expect(command('/no/such', argv)).toContain(' -c o.yaml ');
});

test.each([
  ['npx', {}],
  ['npx', { 'pnpm-lock.yaml': '', 'package.json': '{}' }],
  ['npx', { 'package.json': '{"scripts":{"chaos":"chaos"}}' }],
  ['npx', { 'pnpm-lock.yaml': '', 'package.json': 'no JSON' }],
  ['pnpm', { 'pnpm-lock.yaml': '', 'package.json': '{"scripts":{"chaos":"node bin"}}' }],
  ['pnpm', { 'pnpm-lock.yaml': '', 'package.json': '{}', 'node_modules/.bin/chaos': '' }],
])('begins with %s where there are %o', async (first, files) => {
  expect(command(join(await folderWith(files), 'below'))).toMatch(new RegExp(`^${first} chaos `));
});
