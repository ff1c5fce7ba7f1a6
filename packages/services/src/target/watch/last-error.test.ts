import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { withLastError } from './last-error.js';

test('an error that ended a program keeps its message, however much it drags along', () => {
  const program = `
    console.log('listening');
    const error = new Error('connect ECONNREFUSED');
    for (let index = 0; index < 80; index++) error['property' + index] = index;
    new (require('events'))().emit('error', error);
  `;
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', program], { encoding: 'utf8' });
  const printed = (stdout + stderr).trimEnd();
  expect(printed.split('\n').length).toBeGreaterThan(80);
  const told = withLastError(printed, 30).split('\n');
  expect(told).toHaveLength(30);
  expect(told[0]).toBe('Error: connect ECONNREFUSED');
  expect(told[1]).toMatch(/^ {4}at /);
  expect(told.join('\n')).toMatch(/\n… \d+ more lines …\n {2}property\d+: \d+,?\n/);
  expect(told.at(-1)).toBe(`Node.js ${process.version}`);
});

test('other output is its last lines: an error that something followed ended nothing', () => {
  const lines = Array.from({ length: 50 }, (_, index) => `line ${index}`);
  const last = lines.slice(-30).join('\n');
  expect(withLastError(lines.join('\n'), 30)).toBe(last);
  expect(withLastError(['Error: told', '    at f (a.js:1:1)', ...lines].join('\n'), 30)).toBe(last);
  expect(withLastError('Error: short\n    at f (a.js:1:1)', 30)).toBe('Error: short\n    at f (a.js:1:1)');
});
