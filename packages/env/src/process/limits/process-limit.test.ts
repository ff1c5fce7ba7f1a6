import { expect, test } from 'vitest';
import { assertProcesses } from './process-limit.js';

const limits = (value: string): string => `Max open files            1024                 4096                 files
Max processes             ${value}                 ${value}                processes
`;

test('refuses a limit that leaves too few threads for the smallest run', () => {
  expect(assertProcesses({ limits: limits('40'), used: 16, uid: 1000 })).toBe(40);
  expect(() => assertProcesses({ limits: limits('40'), used: 17, uid: 1000 })).toThrow(
    'Cannot run: this user may have 40 processes and threads here, others hold 17, and a run needs 24 at least',
  );
});

test('no limit, one that others cannot use up, and the superuser’s are fine', () => {
  expect(assertProcesses({ limits: limits('unlimited'), uid: 1000 })).toBeUndefined();
  expect(assertProcesses({ limits: limits('4096'), used: 4096, uid: 1000 })).toBe(4096);
  expect(assertProcesses({ limits: limits('1'), used: 1, uid: 0 })).toBeUndefined();
  expect(assertProcesses({ limits: '', uid: 1000 })).toBeUndefined();
});
