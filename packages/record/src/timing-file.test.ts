import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { lastFailed } from './timing-file.js';

test('a list of failed tests that is none says nothing of the last run', () => {
  const folder = mkdtempSync(join(tmpdir(), 'chaos-last-run-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, '.last-run.json');
  for (const text of ['[]', '{}', '{"failedTests":"a"}', 'null', '']) {
    writeFileSync(path, text);
    expect(lastFailed(path), text).toBeUndefined();
  }
  writeFileSync(path, '{"status":"failed","failedTests":["a"]}');
  expect([...lastFailed(path)!]).toEqual(['a']);
});
