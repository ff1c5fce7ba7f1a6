import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { currentProcess } from '@chaos/env/process';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../processes/source-process.test.helper.js';
import { releaseDeadBlocks } from './release-dead-blocks.js';

test('removes locks and drafts of the dead, and old guards; leaves those of the living', () => {
  const directory = temporaryFolder();
  const dead = JSON.stringify({ pid: 2 ** 22 + 1, startTime: 1 });
  const alive = JSON.stringify(currentProcess());
  const old = Date.now() / 1000 - 3600;
  const write = (name: string, text: string): void => writeFileSync(join(directory, name), text);
  write('21000', dead);
  write('21020', alive);
  write('21040.0123456789ab', dead);
  write('21040.0123456789ac', alive);
  write('21040.0123456789ad', '');
  write('21040.0123456789ae', '');
  utimesSync(join(directory, '21040.0123456789ae'), old, old);
  for (const name of ['21060.guard', '21080.guard']) mkdirSync(join(directory, name));
  utimesSync(join(directory, '21080.guard'), old, old);
  write('of somebody else', dead);

  releaseDeadBlocks(directory);
  expect(readdirSync(directory).sort()).toEqual([
    '21020',
    '21040.0123456789ac',
    '21040.0123456789ad',
    '21060.guard',
    'of somebody else',
  ]);
});
