import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { testsByTitle } from './support/json-report.ts';
import { createProject, type Project } from './support/project.ts';
import { runChaos } from './support/run-chaos.ts';
import { openTerminal } from './support/terminal.ts';

const MODULES = join(import.meta.dirname, '..', 'node_modules');
const TSC = join(MODULES, 'typescript', 'bin', 'tsc');
const STRICT = [
  '--noEmit',
  '--strict',
  '--exactOptionalPropertyTypes',
  '--noUncheckedIndexedAccess',
  '--noUnusedLocals',
];
const NODE = ['--module', 'nodenext', '--target', 'es2022', '--lib', 'es2023,esnext.disposable', '--skipLibCheck'];
const TYPES = ['--types', 'node', '--typeRoots', join(MODULES, '@types')];

const init = (project: Project, ...flags: string[]) => runChaos(project, ['init', ...flags]);
const read = (project: Project, name: string): string => readFileSync(project.file(name), 'utf8');

/** Compiles what was written as a strict project does. */
function compile(project: Project): void {
  const files = ['chaos/driver.ts', 'chaos/first.chaos.ts'];
  const { stdout } = spawnSync(process.execPath, [TSC, ...STRICT, ...NODE, ...TYPES, ...files], {
    cwd: project.path,
    encoding: 'utf8',
  });
  expect(stdout).toBe('');
}

/** Runs the tests that were written; titles with their status. */
async function results(project: Project): Promise<readonly (readonly [string, string])[]> {
  const run = await runChaos(project, ['run', '--retries', '0', '--request-timeout', '2000']);
  expect(run.code, run.output).toBe(0);
  return [...testsByTitle(run.report())].map(([title, { status }]) => [title, status] as const);
}

const manifest = (parts: object): string => JSON.stringify({ name: 'program', type: 'module', ...parts });

test('express with PostgreSQL: what it wrote compiles, answers, and survives an outage', async () => {
  const project = createProject({
    'package.json': manifest({
      scripts: { start: 'node server.js', migrate: 'node migrate.js' },
      dependencies: { express: '*', pg: '*' },
    }),
    '.env.example': 'PORT=3000\nDATABASE_URL=postgres://localhost/notes # here\nGREETING="hello you"\nPG_POOL=5\n',
    'migrate.js': `
      import pg from 'pg';
      const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
      await client.connect();
      await client.query("CREATE TABLE note (id int, body text); INSERT INTO note VALUES (1, 'first')");
      await client.end();`,
    'server.js': `
      import express from 'express';
      import pg from 'pg';
      const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, connectionTimeoutMillis: 500 });
      pool.on('error', () => {});
      const app = express();
      app.get('/healthz', (request, response) => response.send('ok'));
      app.get('/notes/:id', (request, response) => response.send('never'));
      app.get('/notes', async (request, response) => {
        try { response.json((await pool.query('SELECT * FROM note')).rows); }
        catch { response.status(503).end(); }
      });
      app.listen(Number(process.env.PORT), '127.0.0.1');`,
  });
  const written = await init(project);
  expect(written.code, written.output).toBe(0);
  expect(written.stdout()).toMatch(/Starts `node server\.js` with PostgreSQL, ready when \/healthz answers\./);
  expect(written.stdout()).toMatch(/chaos\.yaml +written\n(.*\n)*.*Next: npx chaos\n$/);
  expect(read(project, 'chaos.yaml')).toBe(`# yaml-language-server: $schema=./node_modules/@chaos/cli/chaos.schema.json
target:
  command: node server.js
  setup: npm run migrate
  env:
    DATABASE_URL: '{postgres.url}'
    GREETING: hello you
    PG_POOL: '{connection_pool_size}'
    PORT: '{port}'
  ready: { http: /healthz }
  # Whether the program is started again before each test: on-fault, each-test, never.
  restart: on-fault
  driver: chaos/driver.ts

runner:
  test_dir: chaos
`);
  expect(existsSync(project.file('node_modules/@chaos/cli/chaos.schema.json'))).toBe(true);
  expect(read(project, '.gitignore')).toBe('chaos-results/\n');
  compile(project);
  expect(await results(project)).toEqual([
    ['answers', 'expected'],
    ['goes on after an outage of PostgreSQL', 'expected'],
  ]);

  const check = await runChaos(project, ['driver', 'check']);
  expect(check.code, check.output).toBe(0);
  expect(check.stdout()).toMatch(/ok +read\("document-0"\) +\d+ ms .*first/);
});

test('fastify with Redis and tokens: the driver signs them', async () => {
  const project = createProject({
    'package.json': manifest({
      scripts: { start: 'NODE_ENV=production node src/server.js' },
      dependencies: { fastify: '*', ioredis: '*', jsonwebtoken: '*' },
    }),
    'openapi.yaml':
      'openapi: 3.1.0\npaths:\n  /visits: { get: {} }\n  /visits/{day}: { get: {} }\n  /ready: { get: {} }\n',
    '.gitignore': 'node_modules',
    'src/server.js': `
      import { createHmac } from 'node:crypto';
      import Fastify from 'fastify';
      import { Redis } from 'ioredis';
      const redis = new Redis(process.env.REDIS_URL, { maxRetriesPerRequest: 1, commandTimeout: 500 });
      redis.on('error', () => {});
      const app = Fastify();
      app.get('/ready', async () => 'ready');
      app.get('/visits', async (request, reply) => {
        const [head, body, signature] = (request.headers.authorization ?? '').slice('Bearer '.length).split('.');
        const right = createHmac('sha256', process.env.JWT_SECRET).update(head + '.' + body).digest('base64url');
        if (signature !== right) return reply.code(401).send('who are you?');
        try { return String(await redis.incr('visits')); } catch { return reply.code(503).send('no Redis'); }
      });
      await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });`,
  });
  const written = await init(project, '--yes');
  expect(written.code, written.output).toBe(0);
  expect(read(project, 'chaos.yaml')).toMatch(
    /command: npm start\n[^]*REDIS_URL: '\{redis\.url\}'\n {2}ready: \{ http: \/ready \}/,
  );
  expect(read(project, '.gitignore')).toBe('node_modules\nchaos-results/\n');
  compile(project);
  expect(await results(project)).toEqual([
    ['answers', 'expected'],
    ['goes on after an outage of Redis', 'expected'],
  ]);
});

test('a worker without HTTP: its sessions come back', async () => {
  const project = createProject({
    'package.json': manifest({ main: 'worker.js', dependencies: { pg: '*' } }),
    'worker.js': `
      import pg from 'pg';
      const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, connectionTimeoutMillis: 500 });
      pool.on('error', () => {});
      setInterval(() => pool.query('SELECT 1').catch(() => {}), 50);`,
  });
  const written = await init(project);
  expect(written.code, written.output).toBe(0);
  expect(written.stdout()).toContain('Starts `node worker.js` with PostgreSQL, without HTTP.');
  compile(project);
  expect(await results(project)).toEqual([
    ['runs', 'expected'],
    ['connects again after an outage of PostgreSQL', 'expected'],
  ]);
});

test.each([
  [
    'a worker with Redis',
    {
      'package.json': manifest({ main: 'worker.js', dependencies: { ioredis: '*' } }),
      'worker.js': `
        import { Redis } from 'ioredis';
        const redis = new Redis(process.env.REDIS_URL);
        redis.on('error', () => {});
        setInterval(() => redis.incr('ticks').catch(() => {}), 50);`,
    },
    ['runs', 'connects again after an outage of Redis'],
  ],
  [
    'a worker alone',
    { 'package.json': manifest({ main: 'worker.js' }), 'worker.js': 'setInterval(() => {}, 1000);' },
    ['runs', 'starts again after it was killed'],
  ],
  [
    'node:http alone',
    {
      'package.json': manifest({ main: 'server.js' }),
      'server.js': `
        import { createServer } from 'node:http';
        createServer((request, response) => response.end(request.url === '/items' ? '[]' : 'up')).listen(process.env['PORT'], '127.0.0.1');`,
    },
    ['answers', 'answers over a slow line'],
  ],
])('%s: what it wrote compiles and passes', async (_, files, titles) => {
  const project = createProject(files);
  const written = await init(project);
  expect(written.code, written.output).toBe(0);
  compile(project);
  expect(await results(project)).toEqual(titles.map((title) => [title, 'expected']));
});

test('no route that may end or change something becomes `read`, and what is a guess is said', async () => {
  const project = (routes: readonly string[]): Project =>
    createProject({
      'package.json': manifest({ main: 'server.js', dependencies: { express: '*', pg: '*' } }),
      'server.js': `
        import express from 'express';
        const { DATABASE_URL, PORT } = process.env;
        const app = express();
        console.log(process.env.DATABASE_URL);
        ${routes.map((route) => `app.get('${route}', (request, response) => response.send('ok'));`).join('\n')}
        app.listen(Number(process.env.PORT), '127.0.0.1');`,
    });
  const dangerous = ['/crash', '/shutdown', '/auth/logout', '/reset', '/cache-clear', '/metrics', '/session/end'];
  for (const [routes, operation, said] of [
    [[...dangerous, '/healthz', '/notes'], '/notes', ''],
    [[...dangerous, '/healthz', '/balance'], '/balance', 'a guess: does it read'],
    [[...dangerous, '/healthz'], '/healthz', 'nothing else was found'],
    [dangerous, '/', 'a guess: does it read'],
  ] as const) {
    const made = project(routes);
    const { code, output } = await init(made, '--yes');
    expect(code, output).toBe(0);
    expect(output).toMatch(new RegExp(` *read +GET ${operation}( |\\n)`));
    expect(output).toContain(said);
    expect(read(made, 'chaos/driver.ts')).toMatch(new RegExp(`read: api\\.get<string>\\('${operation}'`));
  }

  const healthOnly = project([...dangerous, '/healthz']);
  const { output } = await init(healthOnly, '--yes');
  expect(output).toContain('`read` is only /healthz: edit it in chaos/driver.ts');
  compile(healthOnly);
  expect(await results(healthOnly)).toEqual([
    ['answers', 'expected'],
    ['goes on after an outage of PostgreSQL', 'skipped'],
  ]);
});

const ASKED = {
  'package.json': manifest({ scripts: { start: 'node server.js' }, dependencies: { fastify: '*' } }),
  'server.js': "app.get('/up'); app.get('/items');",
};

test('in a terminal it asks three questions, also of somebody who types ahead', async () => {
  const project = createProject(ASKED);
  const terminal = openTerminal(project, ['init']);
  terminal.type('node server.js --port\n\n/items/all\n');
  expect(await terminal.exited, terminal.screen()).toBe(0);
  expect(terminal.screen()).toMatch(
    /starts the program\? \[node server\.js\][^]*ready\? \[\/up\][^]*clients read\? \[\/items\]/,
  );
  expect(read(project, 'chaos.yaml')).toMatch(/command: node server\.js --port\n[^]*ready: \{ http: \/up \}/);
  expect(read(project, 'chaos/driver.ts')).toContain("'/items/all'");
});

test('who ends the questions gets no file', async () => {
  const project = createProject(ASKED);
  const terminal = openTerminal(project, ['init']);
  await terminal.drawn(/starts the program/);
  terminal.type('\u0003');
  expect(await terminal.exited, terminal.screen()).toBe(130);
  expect(terminal.screen()).toContain('Nothing was written.');
  expect(existsSync(project.file('chaos.yaml'))).toBe(false);
});

test('nothing that is there is overwritten, and what it cannot know is said', async () => {
  const project = createProject({
    'package.json': manifest({
      scripts: { start: 'node dist/main.js' },
      dependencies: { pg: '*', ioredis: '*' },
    }),
    'chaos/driver.ts': '// mine\n',
    'main.ts': 'console.log(process.env.REDIS_URL, process.env["API_KEY"], process.env.NODE_ENV);',
  });
  const first = await init(project);
  expect(first.code, first.output).toBe(0);
  expect(first.stdout()).toMatch(/chaos\/driver\.ts +kept: it is there already/);
  expect(first.stdout()).toContain('PostgreSQL seems to be used, but no variable has its address');
  expect(first.stdout()).toContain('not set are API_KEY.');
  expect(first.stdout()).toContain('Build the program first: dist/main.js is not there.');
  expect(read(project, 'chaos/driver.ts')).toBe('// mine\n');
  const before = read(project, 'chaos.yaml');
  const second = await init(project);
  expect(second.stdout()).toMatch(
    /chaos\.yaml +kept[^]*first\.chaos\.ts +kept[^]*\.gitignore +kept: it has chaos-results\//,
  );
  expect(read(project, 'chaos.yaml')).toBe(before);
  expect(read(project, '.gitignore')).toBe('chaos-results/\n');
});

// As npm installs a server that is a package, such as a worker of jobs.
function withWorker(): string {
  const folder = mkdtempSync('/tmp/black-box-modules-');
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  chmodSync(folder, 0o755);
  const modules = join(folder, 'node_modules');
  mkdirSync(modules);
  const given = join(import.meta.dirname, 'node_modules');
  for (const name of readdirSync(given)) if (name !== '.bin') symlinkSync(join(given, name), join(modules, name));
  mkdirSync(join(modules, 'job-worker', 'dist'), { recursive: true });
  mkdirSync(join(modules, '.bin'));
  writeFileSync(
    join(modules, 'job-worker', 'package.json'),
    manifest({ name: 'job-worker', bin: { 'job-worker': 'dist/cli.js' }, dependencies: { pg: '*' } }),
  );
  const program = join(modules, 'job-worker', 'dist', 'cli.js');
  writeFileSync(
    program,
    `#!/usr/bin/env node
    import pg from 'pg';
    const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, connectionTimeoutMillis: 500 });
    pool.on('error', () => {});
    setInterval(() => pool.query('SELECT 1').catch(() => {}), Number(process.env.POLL_INTERVAL ?? 50));`,
  );
  chmodSync(program, 0o755);
  symlinkSync('../job-worker/dist/cli.js', join(modules, '.bin', 'job-worker'));
  return modules;
}

test('a program that comes with a package is found, and what it depends on', async () => {
  const project = createProject(
    { 'package.json': manifest({ main: 'index.js', dependencies: { 'job-worker': '*', pg: '*' } }) },
    withWorker(),
  );
  const written = await init(project);
  expect(written.stdout()).toContain('Starts `node_modules/.bin/job-worker` with PostgreSQL, without HTTP.');
  expect(read(project, 'chaos.yaml')).toContain("  env:\n    DATABASE_URL: '{postgres.url}'\n  ready:");
  compile(project);
  expect((await results(project)).map(([, status]) => status)).toEqual(['expected', 'expected']);
});

test('several start scripts are several programs', async () => {
  const server = `import { createServer } from 'node:http';
    createServer((request, response) => response.end('[]')).listen(Number(process.env.PORT), '127.0.0.1');
    const PATH = '/items'; export const isItems = (path) => path === '/items';`;
  const project = createProject({
    'package.json': manifest({
      scripts: { 'start:api': 'node api.js', 'start:worker': 'node worker.js', 'start:dev': 'nodemon api.js' },
    }),
    'api.js': server,
    'worker.js': "console.log('works'); setInterval(() => {}, 1000);",
  });
  const written = await init(project);
  expect(written.stdout()).toContain(
    'Starts `node api.js` and `node worker.js` with no service, ready when it listens.',
  );
  expect(read(project, 'chaos.yaml')).toContain(`
targets:
  api:
    command: node api.js
    env:
      PORT: '{port}'
    ready: { port: true }
    # Whether the program is started again before each test: on-fault, each-test, never.
    restart: on-fault
  worker:
    command: node worker.js
    env:
      PORT: '{port}'
    ready: { alive_ms: 1000 }
    # Whether the program is started again before each test: on-fault, each-test, never.
    restart: on-fault
target:
  driver: chaos/driver.ts
`);
  compile(project);
  expect((await results(project)).map(([, status]) => status)).toEqual(['expected', 'expected']);
});

test('where nothing looks like a program, that is said', async () => {
  const project = createProject({ 'package.json': manifest({ main: 'index.js', dependencies: { left: '*' } }) });
  expect((await init(project)).stdout()).toContain('Set target.command in chaos.yaml: there is no start script');
});

test('a folder without a program is refused', async () => {
  const project = createProject({ 'package.json': '{ broken' });
  const run = await init(project);
  expect(run.code).toBe(2);
  expect(run.output).toMatch(/error: Cannot read .*package\.json: /);
});
