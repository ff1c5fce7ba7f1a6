import { expect, test } from 'vitest';
import { createProject } from '../support/project.ts';
import { runChaos } from '../support/run-chaos.ts';
import { HEAD } from '../support/run-tests.ts';

async function run(files: Readonly<Record<string, string>>): ReturnType<typeof runChaos> {
  return runChaos(createProject({ 'chaos.yaml': 'runner: { retries: 0 }', ...files }), ['run']);
}

test('the default export of @chaos/test is the same', async () => {
  const { code, output } = await run({ 'a.chaos.ts': `import test from '@chaos/test'; test('runs', () => {});` });
  expect(code, output).toBe(0);
});

test('an async group declares what stands before its first await; a later test is an error', async () => {
  const early = await run({
    'a.chaos.ts': `${HEAD} test.describe('group', async () => { test('early', () => mark('early')); });`,
  });
  expect(early.code, early.output).toBe(0);
  expect(early.marks()).toEqual(['early']);
  const late = await run({
    'a.chaos.ts': `${HEAD} test.describe('group', async () => { await null; test('late', () => {}); });\ntest('other', () => {});`,
  });
  expect(late.code).toBe(1);
  expect(late.output).toContain('Cannot call test() after an await in test.describe("group")');
});

test('a test file that imports another is an error; one that imports a helper with tests is none', async () => {
  const twice = await run({
    'a.chaos.ts': `${HEAD} import './b.chaos'; test('a', () => {});`,
    'b.chaos.ts': `${HEAD} test('b', () => {});`,
  });
  expect(twice.code).toBe(1);
  expect(twice.output).toContain('test file "a.chaos.ts" should not import test file "b.chaos.ts"');
  const helped = await run({
    'a.chaos.ts': `${HEAD} import './helper'; test('a', () => {});`,
    'helper.ts': `${HEAD} test('of the helper', () => {});`,
  });
  expect(helped.code, helped.output).toBe(0);
});

test('a syntax error of plain JavaScript is told at its line', async () => {
  const { code, output } = await run({
    'a.chaos.js': `const { test } = require('@chaos/test');\ntest('t', () => { const x = ; });\n`,
  });
  expect(code).toBe(1);
  expect(output).toMatch(/> 2 \| test\('t'/);
});

test('outputPath() refuses a path outside of the folder of the test', async () => {
  const { code, output } = await run({
    'a.chaos.ts': `${HEAD} test('leaves', ({}, info) => { info.outputPath('..', 'elsewhere'); });`,
  });
  expect(code).toBe(1);
  expect(output).toContain('The outputPath is not allowed outside of the parent directory');
});

test('paths of a tsconfig.json that a solution refers to, and of a jsconfig.json, count', async () => {
  const solution = await run({
    'tsconfig.json': '{ "files": [], "references": [{ "path": "./tsconfig.app.json" }] }',
    'tsconfig.app.json': '{ "compilerOptions": { "composite": true, "paths": { "~/*": ["./src/*"] } } }',
    'src/s.ts': 'export const s: string = "found";',
    'a.chaos.ts': `${HEAD} import { s } from '~/s'; test('a', () => expect(s).toBe('found'));`,
  });
  expect(solution.code, solution.output).toBe(0);
  const javascript = await run({
    'jsconfig.json': '{ "compilerOptions": { "paths": { "~/*": ["./src/*"] } } }',
    'src/s.js': 'export const s = "found";',
    'a.chaos.js': `${HEAD} import { s } from '~/s'; test('a', () => expect(s).toBe('found'));`,
  });
  expect(javascript.code, javascript.output).toBe(0);
});
