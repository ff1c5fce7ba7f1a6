import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { testsByTitle } from './support/json-report.ts';
import { createProject, type Project } from './support/project.ts';
import { runChaos } from './support/run-chaos.ts';
import { untilNothingIsLeft } from './support/until-nothing-is-left.ts';

// Two copies of an API that keeps notes in PostgreSQL, and a worker that has no port and asks the API.
const API = `
  import { createServer } from 'node:http';
  import pg from 'pg';
  const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, connectionTimeoutMillis: 1000 });
  pool.on('error', () => {});
  createServer(async (request, response) => {
    if (request.url === '/who') return response.end(String(process.pid));
    if (request.url === '/exit') process.exit(9);
    const { rows } = await pool.query('SELECT count(*)::int AS n FROM note').catch((error) => ({ rows: [{ error: error.message }] }));
    response.end(JSON.stringify(rows[0]));
  }).listen(Number(process.env.PORT), '127.0.0.1');
`;
const SETUP = `
  import pg from 'pg';
  const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
  await client.connect();
  await client.query('CREATE TABLE note (id int)');
  await client.end();
`;
const WORKER = `
  console.log('worker is up');
  setInterval(async () => {
    const said = await fetch(process.env.API_URL + '/who').then((answer) => answer.text(), (error) => error.cause?.code);
    console.log('the API is', said);
  }, 50);
`;
const TESTS = `
  import { test, expect } from '@chaos/test';
  const who = async (url) => (await fetch(url + '/who', { headers: { connection: 'close' } })).text();
  const pidsOf = (replicas) => Promise.all(replicas.map(async ({ process }) => String(await process.pid())));

  test('copies take turns', async ({ target, targets }) => {
    const pids = await pidsOf(targets.api.replicas);
    expect(new Set(pids).size).toBe(2);
    const seen = new Set();
    for (let n = 0; n < 4; n++) seen.add(await who(target.url));
    expect([...seen].sort()).toEqual(pids.sort());
  });
  test('one of two is killed', async ({ targets, inject }) => {
    const [first, second] = targets.api.replicas;
    const killed = await inject(second.process.kill());
    for (let n = 0; n < 4; n++) expect(await who(targets.api.url)).toBe(String(await first.process.pid()));
    await expect(who(second.directUrl)).rejects.toThrow();
    await killed.heal();
    const seen = new Set();
    for (let n = 0; n < 4; n++) seen.add(await who(targets.api.url));
    expect(seen.size).toBe(2);
  });
  test('both are killed', async ({ targets, inject }) => {
    for (const { process } of targets.api.replicas) await inject(process.kill());
    const code = await who(targets.api.url).catch((error) => error.cause?.code);
    expect(code).toBe('ECONNREFUSED');
  });
  test('a link between programs', async ({ targets, link, inject }) => {
    const cut = await inject(link('worker', 'api').cut());
    await expect.poll(() => targets.worker.process.log(1)).toBe('the API is ECONNREFUSED');
    expect(await who(targets.api.url)).toMatch(/^\\d+$/);
    await cut.heal();
    await expect.poll(() => targets.worker.process.log(1)).toMatch(/the API is \\d+/);
  });
  test('a link of one program to a service', async ({ target, link, inject }) => {
    expect(await (await fetch(target.url)).json()).toEqual({ n: 0 });
    await inject(link('target', 'postgres').cut());
    expect(await (await fetch(target.url)).json()).toMatchObject({ error: expect.any(String) });
  });
  test('no such program', async ({ targets }) => { targets.web; });
  test('no such link', async ({ link }) => { link('api', 'worker'); });
  test('a copy exits', async ({ targets }) => { await fetch(targets.api.replicas[1].directUrl + '/exit').catch(() => {}); });
  test('and is back', async ({ targets }) => { expect(await who(targets.api.replicas[1].directUrl)).toMatch(/^\\d+$/); });
`;

function project(yaml = ''): Project {
  return createProject({
    'chaos.yaml': `
targets:
  api:
    command: [node, api.mjs]
    setup: [node, setup.mjs]
    replicas: 2
    env: { PORT: '{port}', DATABASE_URL: '{postgres.url}' }
    ready: { http: /who }
  worker:
    command: [node, worker.mjs]
    env: { API_URL: '{api.url}' }
    ready: { log: worker is up }
${yaml}
runner: { workers: 1, retries: { count: 0 } }
`,
    'api.mjs': API,
    'setup.mjs': SETUP,
    'worker.mjs': WORKER,
    'a.chaos.ts': TESTS,
  });
}

test.each(['auto', 'off'])(
  'programs are started, linked and killed one by one, network.sandbox: %s',
  async (sandbox) => {
    const { code, output, report, footprint } = await runChaos(project(`network: { sandbox: ${sandbox} }`), ['run']);
    expect(code, output).toBe(1);
    const tests = testsByTitle(report());
    const good = ['copies take turns', 'one of two is killed', 'both are killed', 'a link between programs'];
    for (const title of [...good, 'a link of one program to a service', 'and is back'])
      expect(tests.get(title)?.status, `${title}\n${output}`).toBe('expected');
    const errorOf = (title: string): string | undefined => tests.get(title)?.results[0]?.errors[0]?.message;
    expect(errorOf('no such program')).toMatch(/Cannot find targets.web: the configuration has api, worker/);
    expect(errorOf('no such link')).toMatch(
      /Cannot find the link api→worker: there are client→api, client→worker, api→postgres/,
    );
    expect(errorOf('a copy exits')).toMatch(/api.2 exited with code 9/);
    await untilNothingIsLeft(footprint);
  },
);

test.each([
  ['target: { command: [node, api.mjs] }', /target.command.*with targets, target has nothing but driver and variants/],
  ['dependencies: { api: { tcp: "a:1", env: X } }', /targets.api.*the name api is taken/],
])('what cannot be meant is refused: %s', async (yaml, message) => {
  const { code, output } = await runChaos(project(yaml), ['run']);
  expect(code, output).toBe(2);
  expect(output).toMatch(message);
});

test('doctor looks at each of them', async () => {
  const project = createProject({
    'chaos.yaml': `
targets:
  api: { command: [node, api.mjs] }
  worker: { command: [node, dist/worker.mjs], setup: no-such-program }
  mailer: { command: [no-such-program] }
`,
    'api.mjs': '',
  });
  const { code, stdout } = await runChaos(project, ['doctor', '--json']);
  expect(code).toBe(3);
  const { checks } = JSON.parse(stdout()) as { checks: { name: string; status: string; detail: string }[] };
  expect(checks.filter(({ name }) => name.startsWith('target'))).toMatchObject([
    { name: 'targets.api', status: 'ok' },
    {
      name: 'targets.worker',
      status: 'fail',
      detail: expect.stringMatching(/dist\/worker.mjs is not there$/) as string,
    },
    { name: 'targets.mailer', status: 'fail', fix: 'Install it, or correct targets.mailer.command in chaos.yaml.' },
  ]);
});

test('many dependencies of several programs need more ports than a block has', async () => {
  const names = Array.from({ length: 14 }, (_, index) => `dep${String.fromCharCode(97 + index)}`);
  const server = createServer((socket) => void socket.on('error', () => {})).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const env = names.map((name) => `${name.toUpperCase()}: '{${name}.port}'`).join(', ');
  const project = createProject({
    'chaos.yaml': `
targets:
  api: { command: [node, program.mjs], env: { PORT: '{port}', ${env} } }
  worker: { command: [node, program.mjs], env: { PORT: '{port}', ${env} } }
dependencies:
${names.map((name) => `  ${name}: { tcp: '127.0.0.1:${port}' }`).join('\n')}
runner: { workers: 1 }
`,
    'program.mjs': `import { createServer } from 'node:http';
      createServer((_, response) => response.end(JSON.stringify(process.env))).listen(Number(process.env.PORT), '127.0.0.1');`,
    'a.chaos.ts': `
      import { test, expect } from '@chaos/test';
      test('has them all', async ({ target }) => {
        const env = await (await fetch(target.url)).json();
        expect(new Set(${JSON.stringify(names)}.map((name) => env[name.toUpperCase()])).size).toBe(14);
      });
    `,
  });
  const run = await runChaos(project, ['run', '--retries', '0']);
  server.close();
  expect(run.code, run.output).toBe(0);
  await untilNothingIsLeft(run.footprint);
});
