import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { testsByTitle, type JsonResult } from './support/json-report.ts';
import { createProject } from './support/project.ts';
import { runChaos } from './support/run-chaos.ts';

const text = (chunks: readonly { readonly text: string }[]): string => chunks.map((chunk) => chunk.text).join('');

test('much output of an attempt is an attachment, byte for byte; reports have its head and tail', async () => {
  const project = createProject({
    'a.chaos.ts': `
      import { test } from '@chaos/test';
      const write = (text: string | Buffer) => new Promise<void>((done) => void process.stdout.write(text, () => done()));
      test('says much', async () => {
        await write('first line\\n');
        for (let i = 0; i < 40; i++) await write('Ω€𝄞'.repeat(10_000) + i + '\\n');
        await write(Buffer.from([0xff, 0, 0xfe]));
        await write('last line');
        console.error('aside');
      });
      test('says little', () => { console.log('little'); });
      test('dies of it', async () => {
        for (let i = 0; i < 40; i++) await write('y'.repeat(50_000) + '\\n');
        process.kill(process.pid, 'SIGKILL');
        await new Promise(() => {});
      });
      test('says little, too', () => { console.log('little, too'); });
    `,
  });
  const run = await runChaos(project, ['run', '--workers', '1', '--retries', '0']);
  const results = testsByTitle(run.report());
  const result = (title: string): JsonResult => results.get(title)?.results[0] as JsonResult;
  const fileOf = (title: string): Buffer =>
    readFileSync(result(title).attachments.find(({ name }) => name === 'stdout')?.path ?? '');

  const lines = Array.from({ length: 40 }, (_, index) => `${'Ω€𝄞'.repeat(10_000)}${index}\n`).join('');
  const much = Buffer.concat([
    Buffer.from(`first line\n${lines}`),
    Buffer.from([0xff, 0, 0xfe]),
    Buffer.from('last line'),
  ]);
  expect(fileOf('says much').equals(much)).toBe(true);
  const [head, gap, tail] = result('says much').stdout;
  expect(head?.text.slice(0, 20)).toBe('first line\nΩ€𝄞Ω€𝄞Ω');
  expect(gap?.text).toContain(`of ${much.length} bytes`);
  expect(tail?.text.slice(-20)).toMatch(/39\n.*last line$/s);
  expect(`${head?.text}${tail?.text.slice(0, 1000)}`.includes('\ufffd')).toBe(false);
  expect(text(result('says much').stderr)).toBe('aside\n');

  expect(fileOf('dies of it').equals(Buffer.from(`${'y'.repeat(50_000)}\n`.repeat(40)))).toBe(true);
  expect(['says little', 'says little, too'].map((title) => text(result(title).stdout))).toEqual([
    'little\n',
    'little, too\n',
  ]);
  // As it was written, for people: nothing left out, nothing put in between but what the test wrote to the other
  // stream.
  const printed = run.stdout().replace('aside\n', '');
  expect([lines, 'last line'].map((part) => printed.includes(part))).toEqual([true, true]);
  expect(readdirSync(project.file('chaos-results')).filter((name) => name.startsWith('.output'))).toEqual([]);
});

test('the html report replaces no folder that holds something else', async () => {
  const project = createProject({
    'a.chaos.ts': `import { test } from '@chaos/test'; test('a', () => {});`,
    'mine/notes.txt': 'mine',
    'mine/index.html': 'mine',
    'theirs/index.html': 'a report of Playwright Test',
    'theirs/data/1.md': '',
  });
  for (const folder of ['.', 'mine']) {
    writeFileSync(project.file('chaos.yaml'), `runner: { reporters: [list, [html, { outputFolder: ${folder} }]] }`);
    const run = await runChaos(project, ['run']);
    expect([run.code, run.output]).toEqual([1, expect.stringContaining('the folder holds what is no report, such as')]);
    expect(
      readFileSync(project.file('mine/notes.txt'), 'utf8') + readFileSync(project.file('mine/index.html'), 'utf8'),
    ).toBe('minemine');
  }
  writeFileSync(project.file('chaos.yaml'), 'runner: { reporters: [list, [html, { outputFolder: theirs }]] }');
  const run = await runChaos(project, ['run']);
  expect(run.code, run.output).toBe(0);
  expect(readFileSync(project.file('theirs/index.html'), 'utf8')).toContain('<!doctype html>');
});
