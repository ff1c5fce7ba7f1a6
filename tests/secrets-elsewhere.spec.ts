import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { createProject } from './support/project.ts';
import { runChaos } from './support/run-chaos.ts';
import { hits, outputs } from './support/secret-hits.ts';

// Secrets in places that people forget: titles, names of files, histories, errors of drivers, URLs that carry them in
// their query, headers, large and binary attachments, command lines, journals.
const CANARIES = {
  env: 'canary-Elsewhere-5d1e',
  shell: 'canary-Shell-77ab',
  query: 'canaryQuery60aa17',
  user: 'canaryUserOnly3311',
  bearer: 'canaryBearer9b0c1d',
  statement: 'canary-Statement-1c4f',
};

const CONFIG = `
target:
  command: [node, target.mjs]
  env: { PORT: '{port}', API_KEY: ${CANARIES.env}, STATEMENT_SECRET: ${CANARIES.statement}, DATABASE_URL: '{postgres.url}', REDIS_URL: '{redis.url}' }
  driver: driver.mjs
metadata: { remote: 'https://${CANARIES.user}@git.example/x.git' }
runner: { workers: 1, retries: 0, reporters: [[./mine.mjs]] }
`;
const FILES = {
  'chaos.yaml': CONFIG,
  'target.mjs': `
    import { createServer } from 'node:http';
    createServer((_, response) => response.end(JSON.stringify(process.env))).listen(Number(process.env.PORT), '127.0.0.1');
  `,
  'bearer.txt': CANARIES.bearer,
  'driver.mjs': 'export default { seed: async () => {}, operations: {} };',
  // A reporter of the user's, which writes all that it is told.
  'mine.mjs': `
    import { appendFileSync } from 'node:fs';
    import { inspect } from 'node:util';
    const all = (what, value) => appendFileSync('chaos-results/mine.txt', what + ' ' + inspect(value, { depth: 12, maxStringLength: null }) + '\\n');
    export default class {
      onBegin(config, suite) { all('begin', [config, suite]); }
      onStdOut(chunk) { all('out', String(chunk)); }
      onTestEnd(test, result) { all('test', [test, result]); }
      onEnd(result) { all('end', result); }
    }
  `,
  'a.chaos.ts': `
    import { test, expect } from '@chaos/test';
    import pg from 'pg';
    import { readdirSync, readFileSync, writeFileSync, cpSync } from 'node:fs';
    const { SHELL_TOKEN = 'unset' } = process.env;
    const BEARER = readFileSync('bearer.txt', 'utf8');
    test('named with ' + SHELL_TOKEN, { annotation: { type: 'why', description: SHELL_TOKEN } }, () => { throw new Error('in a test that is named so'); });
    test('drivers', async ({ target, postgres, redis }, info) => {
      const env = await (await fetch(target.url)).json();
      writeFileSync('passwords', JSON.stringify([new URL(postgres.url).password, new URL(redis.url).password]));
      const errors: unknown[] = [];
      const failing = async (act: () => Promise<unknown>) => { try { await act(); } catch (error) { errors.push(error); } };
      await failing(() => postgres.query("SELECT '" + env.STATEMENT_SECRET + "'::int"));
      await failing(() => postgres.query('SELECT "' + env.STATEMENT_SECRET + '" FROM x'));
      await failing(() => new pg.Client({ connectionString: postgres.url.replace('postgres:', 'postgres:wrong') }).connect());
      await failing(() => new pg.Client(postgres.url.replace('/app', '/' + env.API_KEY)).connect());
      await failing(() => fetch(postgres.url));
      const { default: Redis } = await import('ioredis');
      const client = new Redis(redis.url, { lazyConnect: true });
      client.on('error', (error) => console.error(error));
      await failing(() => client.call('AUTHX', new URL(redis.url).password, env.API_KEY));
      await failing(() => client.set(env.API_KEY, '1', 'BOTH' as never));
      client.disconnect();
      for (const error of errors) { console.error(error); console.log(JSON.stringify(error)); }
      expect(errors.length).toBe(7);
      throw new AggregateError(errors, 'all of them', { cause: errors[0] });
    });
    test('texts', async ({ target, postgres }, info) => {
      const { API_KEY, DATABASE_URL } = await (await fetch(target.url)).json();
      const basic = Buffer.from('app:' + API_KEY).toString('base64');
      console.log('basic ' + basic, 'and ' + Buffer.from('x' + API_KEY).toString('base64'));
      console.log('Authorization: Bearer ' + BEARER, { headers: { authorization: 'Bearer ' + BEARER } });
      console.log('postgres://h/x?user=u&password=${CANARIES.query}&max=3', new URL('https://${CANARIES.user}@git.example/x.git').href);
      const body = 'x'.repeat(1024) + '\\n';
      await info.attach('large', { body: body.repeat(9000) + API_KEY + '\\n' + body });
      writeFileSync('large.log', body.repeat(9000) + API_KEY + ' ' + DATABASE_URL + '\\n' + body);
      await info.attach('large file', { path: 'large.log' });
      writeFileSync('dump.bin', Buffer.from('\\0\\x01' + API_KEY + '\\0 ' + DATABASE_URL));
      await info.attach('binary', { path: 'dump.bin' });
      await info.attach('binary body', { body: Buffer.from('\\0\\x01' + API_KEY), contentType: 'application/octet-stream' });
      await info.attach('named ' + API_KEY, { body: 'x' });
      writeFileSync('name-' + API_KEY, 'x');
      await info.attach('file name', { path: 'name-' + API_KEY });
      process.title = 'worker of ' + BEARER.slice(0, 3);
      const seen = readdirSync('/proc').filter((pid) => /^\\d+$/.test(pid)).flatMap((pid) => { try { return [readFileSync('/proc/' + pid + '/cmdline', 'utf8')]; } catch { return []; } });
      writeFileSync('cmdlines', seen.join('\\n'));
      cpSync('tmp', 'state', { recursive: true, filter: (from) => !/postgres|redis|chaos-transform|\\.sock/.test(from.replace(process.cwd(), '')) });
      expect(API_KEY).toEqual(API_KEY.replace('Else', 'else'));
    });
    test('a history', async ({ target, recorder }) => {
      const { API_KEY } = await (await fetch(target.url)).json();
      const one = recorder.process();
      const two = recorder.process();
      await one.run('write', API_KEY, async () => {});
      await two.run('read', null, async () => 'not ' + API_KEY);
      await two.run('read', null, async () => { throw new Error('no answer for ' + API_KEY); }).catch(() => {});
      await expect(recorder.history()).toSatisfyModel({ model: 'register' });
    });
  `,
};

test('no secret gets out by titles, names, histories, drivers, queries, headers or large attachments', async () => {
  const project = createProject(FILES);
  const outs: Record<string, string> = {};
  const env = { SHELL_TOKEN: CANARIES.shell, GITHUB_ACTIONS: '1', GITHUB_STEP_SUMMARY: project.file('summary.md') };
  for (const [reporters, more] of [
    ['list,json,junit,blob,github,./mine.mjs', { FORCE_COLOR: '1', NO_COLOR: '' }],
    ['line', {}],
  ] as const) {
    const { code, output } = await runChaos(project, ['--reporter', reporters, '--verbose'], {
      env: { ...env, ...more },
    });
    expect(code, output).toBe(1);
    // eslint-disable-next-line no-control-regex
    outs[`terminal of ${reporters}`] = output.replace(/\u001B\[[\d;]*m/g, '');
    expect(output).toContain('4 failed');
  }
  for (const args of [
    ['list'],
    ['list', '--json'],
    ['config'],
    ['config', '--json'],
    ['env', '--json'],
    ['doctor', '--json'],
    ['merge-reports', 'blob-report', '--reporter', 'list,json,junit'],
  ])
    outs[args.join(' ')] = (await runChaos(project, args, { env })).output;
  const history = readdirSync(project.file('chaos-results'), { recursive: true, encoding: 'utf8' }).find((name) =>
    name.endsWith('.ndjson'),
  );
  expect(history).toBeDefined();
  for (const folder of ['chaos-results', 'blob-report', 'state']) Object.assign(outs, outputs(project.file(folder)));
  for (const file of ['cmdlines']) outs[file] = readFileSync(project.file(file), 'utf8');
  const passwords = JSON.parse(readFileSync(project.file('passwords'), 'utf8')) as string[];
  expect(hits(outs, [...Object.values(CANARIES), ...passwords])).toEqual([]);
}, 240_000);

test('chaos check shows no secret of a history, in no format', async () => {
  const url = 'postgres://app:canaryOfHistory1@db/x';
  const token = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.Y2FuYXJ5';
  const txn = (process: number, index: number, value: unknown): string =>
    ['invoke', 'ok']
      .map((type, at) => JSON.stringify({ type, process, f: 'txn', value, time: index + at, index: index + at }))
      .join('\n');
  const project = createProject({
    'history.ndjson': [
      txn(0, 0, [
        ['append', 'x', url],
        ['append', 'x', token],
      ]),
      txn(1, 2, [
        ['r', 'x', [token]],
        ['r', 'x', [url]],
      ]),
      txn(2, 4, [['r', 'x', [url, token]]]),
      '',
    ].join('\n'),
    'broken.ndjson': `{"type":"${url}"}\n{${token}`,
  });
  const outs: Record<string, string> = {};
  const files = ['html', 'svg', 'psql', 'minimal'].flatMap((kind) => [`--${kind}`, `out/${kind}`]);
  for (const args of [
    ['history.ndjson'],
    ['history.ndjson', '--json'],
    ['history.ndjson', ...files],
    ['broken.ndjson'],
    ['history.ndjson', '--set', `x=${url}`],
    [`${url}.ndjson`],
    ['history.ndjson', '--model', token],
  ])
    outs[`check ${Object.keys(outs).length}`] = (
      await runChaos(project, ['check', '--model', 'serializable', ...args])
    ).output;
  for (const [path, text] of Object.entries(outputs(project.file('out')))) outs[relative(project.path, path)] = text;
  expect(Object.keys(outs).filter((path) => path.startsWith('out/')).length).toBeGreaterThan(2);
  expect(hits(outs, ['canaryOfHistory1', token])).toEqual([]);
  for (const name of readdirSync(project.file('out')))
    expect(statSync(join(project.file('out'), name)).mode & 0o077, name).toBe(0);
});

test('a command line that shows a secret to all users is told before the run', async () => {
  const project = createProject({
    'chaos.yaml': `runner: { workers: 1, retries: 0 }\ntarget: { command: [node, target.mjs, '--db={postgres.url}', '{jwks.url}', '{port}', 'amqp://u:canaryCommand1@h/v'] }\n`,
    'a.chaos.ts': `import { test } from '@chaos/test';\ntest('one', () => {});\n`,
  });
  const { code, output } = await runChaos(project, ['run']);
  expect(code, output).toBe(0);
  const told = output.split('\n').filter((line) => line.startsWith('warning: target.command shows '));
  expect(told.map((line) => line.split(' ')[3])).toEqual(['--db={postgres.url}', 'amqp://u:***@h/v']);
});
