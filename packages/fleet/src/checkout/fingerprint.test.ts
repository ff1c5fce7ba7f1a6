import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { sealWith } from '../trust/seal.js';
import { differences, fingerprintOf, type Fingerprint } from './fingerprint.js';

const seal = sealWith('0123456789abcdef');

function folder(files: Readonly<Record<string, string>>): string {
  const path = mkdtempSync(join(tmpdir(), 'chaos-checkout-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
  return path;
}

const take = (rootDir: string, yaml = 'a: 1', version = '1'): Promise<Fingerprint> =>
  fingerprintOf({ version, rootDir, files: [join(rootDir, 'a.chaos.ts')], layers: { 'chaos.yaml': yaml } }, seal);

test('equal checkouts in different folders do not differ', async () => {
  const files = { 'a.chaos.ts': 'test', 'package-lock.json': '{}' };
  expect(differences(await take(folder(files)), await take(folder(files)))).toEqual([]);
});

test('names each thing that differs', async () => {
  const here = await take(folder({ 'a.chaos.ts': 'test', 'package-lock.json': '{}' }));
  const there = await take(folder({ 'a.chaos.ts': 'other', 'package-lock.json': '{"a":1}' }), 'a: 2', '2');
  expect(differences(here, there)).toEqual([
    'version: the run has 1, here is 2',
    expect.stringMatching(/^lockfile: the run has package-lock.json \w+, here is package-lock.json \w+$/),
    'layer chaos.yaml: differs',
    'file a.chaos.ts: differs',
  ]);
  expect(differences(here, await take(folder({ 'package-lock.json': '{}' })))).toEqual([
    'file a.chaos.ts: missing here',
  ]);
});

test('gives nothing of a layer away', async () => {
  const here = await take(folder({}), 'password: hunter2');
  expect(JSON.stringify(here)).not.toContain('hunter2');
});
