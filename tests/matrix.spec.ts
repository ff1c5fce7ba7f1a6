import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createProject, type Project } from './support/project.ts';
import { runChaos } from './support/run-chaos.ts';

const SERVER = `
import { createServer } from 'node:http';
const defect = process.env.DEFECT ?? '';
if (defect === 'never-starts') process.exit(1);
let value = 0;
createServer((request, response) => {
  if (request.method === 'POST' && defect !== 'forgets') value += 1;
  if (request.url === '/private' && defect !== 'talks') response.statusCode = 403;
  response.end(String(value));
}).listen(Number(process.env.PORT), '127.0.0.1');
`;

const CONFIG = `
target:
  command: [node, service/server.mjs]
  env: { PORT: '{port}' }
  variants:
    from: { files: service/defects/*.mjs, env: { DEFECT: '{variant}' } }
runner: { workers: 1, test_dir: suites, require_purpose: false }
`;

const COUNTING = `
import { test, expect } from '@chaos/test';
test('counts', { id: 'T1', catches: ['forgets', 'never-starts'] }, async ({ target }) => {
  const before = Number(await (await fetch(target.url)).text());
  await fetch(target.url, { method: 'POST' });
  expect(Number(await (await fetch(target.url)).text())).toBe(before + 1);
});
test('is there', { id: 'T2', catches: ['talks'] }, async ({ target }) => {
  expect((await fetch(target.url)).status).toBe(200);
});
`;

const FAILING = `
import { test, expect } from '@chaos/test';
test('fails whatever it meets', { id: 'T3', catches: ['talks', 'nobody-has-it'] }, ({ target }) => {
  expect(target.url).toBe('elsewhere');
});
test('sees what it does not name', { id: 'T4' }, async ({ target }) => {
  expect((await fetch(target.url + '/private')).status).toBe(403);
});
`;

function projectWithDefects(): Project {
  return createProject({
    'chaos.yaml': CONFIG,
    'service/package.json': '{ "name": "service", "private": true, "type": "module" }',
    'service/server.mjs': SERVER,
    'service/defects/forgets.mjs': '// A counter that does not count.\n',
    'service/defects/never-starts.mjs': '// Ends at once.\n',
    'service/defects/talks.mjs': '// Tells everybody.\n',
    'suites/counting/a.chaos.ts': COUNTING,
    'suites/counting/b.chaos.ts': FAILING,
  });
}

interface Detection {
  readonly defects: Readonly<
    Record<string, { readonly part: string; readonly caughtBy: readonly string[]; readonly cells: unknown }>
  >;
}

const written = (project: Project): Detection =>
  JSON.parse(readFileSync(project.file('docs/reference/detection.json'), 'utf8')) as Detection;
const CAUGHT = { caught: 1, silent: 0, inconclusive: 0 };
const SILENT = { caught: 0, silent: 1, inconclusive: 0 };

test('chaos matrix tells which test catches which variant, and runs only what changed', async () => {
  const project = projectWithDefects();
  const first = await runChaos(project, ['matrix']);
  expect(first.code, first.output).toBe(1);
  expect(written(project)).toEqual({
    schemaVersion: 1,
    productVersion: expect.stringMatching(/^\d/) as string,
    commit: expect.any(String) as string,
    defects: {
      forgets: { part: 'counting', caughtBy: ['T1'], cells: { T1: CAUGHT } },
      'never-starts': {
        part: 'counting',
        caughtBy: [],
        cells: { T1: { caught: 0, silent: 0, inconclusive: expect.any(Number) as number } },
      },
      // A test that fails without the defect, too, has not caught it.
      talks: {
        part: 'counting',
        caughtBy: [],
        cells: { T2: SILENT, T3: { caught: 0, silent: 0, inconclusive: 1 } },
      },
    },
  });
  expect(first.output).toContain('3 variants: 1 caught, 1 missed, 1 unclear');
  expect(first.output).toContain('T3 names "nobody-has-it", which is no variant');
  expect(first.output).toMatch(/Fail on the target as it is, so they catch nothing: T3/);
  expect(readFileSync(project.file('docs/reference/detection.md'), 'utf8')).toContain('| `forgets` | ● |');

  const again = await runChaos(project, ['matrix', 'forgets', 'talks']);
  expect(again.output).toMatch(/caught +forgets +counting +known/);
  expect(again.output).toMatch(/missed +talks +counting +known/);
  // What was not asked for stays.
  expect(Object.keys(written(project).defects)).toEqual(['forgets', 'never-starts', 'talks']);

  appendFileSync(project.file('service/defects/forgets.mjs'), '// More of it.\n');
  const changed = await runChaos(project, ['matrix', 'forgets', 'talks']);
  expect(changed.output).toMatch(/caught +forgets +counting +[\d.]+ s/);
  expect(changed.output).toMatch(/missed +talks +counting +known/);

  const sampled = await runChaos(project, ['matrix', 'forgets', 'talks', '--sample', '1']);
  expect(sampled.output).toMatch(/caught +forgets +counting +known/);
  expect(sampled.output).toMatch(/missed +talks +counting +[\d.]+ s/);
}, 240_000);

test('chaos matrix --all runs every test of the category, and only where there are variants', async () => {
  const project = projectWithDefects();
  const all = await runChaos(project, ['matrix', 'talks', '--all', '--json', '--output', 'elsewhere']);
  const { defects } = JSON.parse(all.stdout()) as Detection;
  // Caught, but by a test that does not say so.
  expect(defects['talks'], all.output).toMatchObject({ caughtBy: ['T4'], cells: { T1: SILENT, T2: SILENT } });
  expect(all.code).toBe(1);
  expect(existsSync(project.file('elsewhere/detection.md'))).toBe(true);

  const unknown = await runChaos(project, ['matrix', 'talk']);
  expect([unknown.code, unknown.output]).toEqual([2, expect.stringContaining('did you mean talks')]);
  const plain = createProject({ 'a.chaos.ts': "import { test } from '@chaos/test'; test('a', () => {});" });
  const none = await runChaos(plain, ['matrix']);
  expect([none.code, none.output]).toEqual([2, expect.stringContaining('the target has no variants')]);
}, 240_000);
