import picomatch from 'picomatch';
import { expect, test } from 'vitest';
import { matchGlob } from './match-glob.js';

const FILES = [
  'a.chaos.ts',
  'a.spec.mjs',
  'a.test.cjsx',
  'a.chaos.d.ts',
  'a.chaosXts',
  'chaos.ts',
  'b/a.test.tsx',
  'b/c/x-1.spec.js',
  'b/only.ts',
  'b.chaos.ts/readme.md',
  'suites/auth/login.chaos.ts',
  'suites/auth/other.ts',
  'x/auth',
  'authority/a.ts',
  'a+b.chaos.ts',
];

test.each([
  '**/*.@(chaos|spec|test).?(c|m)[jt]s?(x)',
  '**/*.chaos.ts',
  '**/*',
  '**/only.ts',
  '**/x-[0-9].spec.js',
  '**/?.chaos.ts',
  '*.ts',
  'suites/**',
  '**/{a,only}.ts',
  '**/auth/*.ts',
  '**/!(a).chaos.ts',
  '**/*.chaos.*',
  '**/a+b.chaos.ts',
  '**/**',
  '**/auth/**',
  '**/project/**',
])('%s means the files that picomatch says', (glob) => {
  const matches = picomatch(glob, { dot: true });
  const expected = FILES.filter(
    (file) => matches(file) || matches(`/project/${file}`) || matches(file.replace(/^.*\//, '')),
  );
  expect(FILES.filter((file) => matchGlob(glob, '/project')(`/project/${file}`))).toEqual(expected);
});
