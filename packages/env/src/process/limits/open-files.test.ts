import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { assertOpenFiles } from './open-files.js';

const limits = (value: string): string => `Max processes             93000                93000                processes
Max open files            ${value}                 ${value}                 files
`;

test('refuses a limit below which parts of a run fail here and there', () => {
  expect(assertOpenFiles(limits('1024'))).toBe(1024);
  expect(assertOpenFiles(limits('unlimited'))).toBe(Infinity);
  expect(assertOpenFiles('')).toBeUndefined();
  expect(() => assertOpenFiles(limits('64'))).toThrow(
    'Cannot run: a process may open 64 files here, and a run needs 128',
  );
});

test.runIf(process.platform === 'linux')(
  'without a file descriptor left, a living process is not taken for dead',
  () => {
    // All descriptors are used up before the look.
    const script = `
    import { openSync, closeSync } from 'node:fs';
    import { identityOf, isRunning } from '${new URL('../../../dist/process/index.js', import.meta.url).href}';
    const self = identityOf(process.pid);
    const parent = identityOf(process.ppid);
    const held = [];
    try { for (;;) held.push(openSync('/dev/null')); } catch {}
    const seen = [isRunning(self), isRunning(parent), isRunning({ pid: 2 ** 30, startTime: 1 })];
    for (const descriptor of held) closeSync(descriptor);
    console.log(JSON.stringify(seen));
  `;
    const output = execFileSync(
      'sh',
      ['-c', 'ulimit -n 64; exec "$@"', 'sh', process.execPath, '--input-type=module'],
      {
        input: script,
        encoding: 'utf8',
      },
    );
    expect(JSON.parse(output)).toEqual([true, true, false]);
  },
);
