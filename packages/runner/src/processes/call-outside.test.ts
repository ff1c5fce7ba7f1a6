import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { callOutside } from './call-outside.js';

const { signal } = new AbortController();

function write(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'chaos-outside-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(folder, 'service.ts'), text);
  return join(folder, 'service.ts');
}

test('calls what a file of the user’s exports, by a path into it, as a method of its owner', async () => {
  const file = write(`
    interface Options { readonly signal: AbortSignal }
    export default { name: 'queue', prepare({ signal }: Options) { return { name: this.name, aborted: signal.aborted }; } };
  `);
  expect(await callOutside({ module: file, name: 'default.prepare' }, signal)).toEqual({
    name: 'queue',
    aborted: false,
  });
});

test('says what is not there', async () => {
  const file = write('export const name: string = "x";');
  await expect(callOutside({ module: file, name: 'default.prepare' }, signal)).rejects.toThrow('it is not exported');
  await expect(callOutside({ module: file, name: 'name' }, signal)).rejects.toThrow('it is no function but string');
});
