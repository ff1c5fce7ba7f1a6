import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { OUTPUT_MARK } from '../ipc/output-mark.js';
import { OutputReader } from './output-reader.js';

test('a mark that never comes holds nothing up, and belongs to no later test', async () => {
  const stream = new PassThrough();
  const reader = new OutputReader(
    stream,
    () => {},
    () => '/nowhere',
  );
  stream.write('first');
  let late = 0;
  const first = await reader.segment(true, 20, () => late++);
  expect([first?.finish('').chunks, late]).toEqual([['first'], 1]);
  const second = reader.segment(true, 60_000, () => late++);
  stream.write(`second${OUTPUT_MARK}`);
  expect([(await second)?.finish('').chunks, late]).toEqual([['second'], 1]);
});
