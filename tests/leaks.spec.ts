import { describe, expect, test } from 'vitest';
import { runTests, type TestsRun } from './support/run-tests.ts';
import { untilNothingIsLeft } from './support/until-nothing-is-left.ts';

// Leftovers of a test: found by comparing before and after, reported with the place that opened them, and gone with the
// worker.
const HEAD = `
  import { createServer, connect } from 'node:net';
  import { once } from 'node:events';
  import { spawn } from 'node:child_process';
  import { openSync, promises, watch } from 'node:fs';
  import { createSocket } from 'node:dgram';
  import { Worker } from 'node:worker_threads';
  globalThis.kept ??= [];
`;
const LEAKS: Readonly<Record<string, [body: string, what: RegExp]>> = {
  timer: ['setTimeout(() => {}, 60_000);', /a timer of 60000 ms/],
  interval: ['setInterval(() => {}, 5000);', /an interval of 5000 ms/],
  server: [
    "const server = createServer().listen(0, '127.0.0.1'); await once(server, 'listening');",
    /a TCP server on 127\.0\.0\.1:\d+/,
  ],
  socket: [
    "const server = createServer().listen(0, '127.0.0.1').unref(); await once(server, 'listening'); server.on('connection', (peer) => peer.unref()); await once(connect(server.address().port, '127.0.0.1'), 'connect');",
    /a TCP connection to 127\.0\.0\.1:\d+/,
  ],
  udp: ["const socket = createSocket('udp4'); socket.bind(0); await once(socket, 'listening');", /a UDP socket/],
  child: ["spawn('sleep', ['600'], { stdio: 'ignore' });", /a child process \(\d+: sleep 600\)/],
  'detached child': [
    "spawn('sleep', ['601'], { stdio: 'ignore', detached: true }).unref();",
    /a child process \(\d+: sleep 601\)/,
  ],
  descriptor: ["kept.push(openSync('package.json'));", /an open descriptor of \S+\/package\.json/],
  'file handle': ["kept.push(await promises.open('package.json'));", /an open descriptor of \S+\/package\.json/],
  watcher: ["watch('.');", /a file watcher/],
  thread: ["new Worker('setInterval(() => {}, 1000)', { eval: true });", /a worker thread/],
};
const SOURCE = Object.entries(LEAKS)
  .map(([name, [body]]) => `test(${JSON.stringify(name)}, async () => { mark(${JSON.stringify(name)}); ${body} });\n`)
  .join('');
const ARGS = ['--retries', '0', '--workers', '1'];

const leaksOf = ({ get }: TestsRun, title: string): readonly string[] =>
  get(title)
    .results.flatMap(({ annotations = [] }) => annotations)
    .filter(({ type }) => type === 'leak')
    .map(({ description }) => description ?? '');

describe('a test that leaves something behind', () => {
  test('passes, with what it was and who opened it, and its worker is replaced', async () => {
    const result = await runTests(`${HEAD}${SOURCE}test('last', () => {});`, ARGS);
    const { run, get } = result;
    expect(run.code, run.output).toBe(0);
    const workers = Object.keys(LEAKS).map((title) => get(title).results[0]?.workerIndex);
    for (const [title, [, what]] of Object.entries(LEAKS)) {
      const leaks = leaksOf(result, title);
      expect(leaks, `${title}\n${run.output}`).toHaveLength(1);
      expect(leaks[0]).toMatch(what);
      const line = `${HEAD}${SOURCE}`.split('\n').findIndex((text) => text.includes(`test(${JSON.stringify(title)}`));
      expect(leaks[0], title).toMatch(new RegExp(`opened at a\\.chaos\\.ts:${line + 6}:`));
      expect(get(title).status).toBe('expected');
      expect(get(title).results).toHaveLength(1);
    }
    expect(new Set(workers).size).toBe(workers.length);
    // Once for the result, once to see who it was.
    expect(run.marks()).toEqual(Object.keys(LEAKS).flatMap((title) => [title, title]));
    expect(leaksOf(result, 'last')).toEqual([]);
    await untilNothingIsLeft(run.footprint);
  });

  test('fails where runner.leaks is fail, and is not looked at where it is off', async () => {
    const fail = await runTests(
      `${HEAD}${SOURCE}test('last', () => {});\ntest('fails anyway', () => { setTimeout(() => {}, 60_000); throw new Error('own'); });`,
      ARGS,
      'runner: { leaks: fail }',
    );
    expect(fail.run.code).toBe(1);
    for (const [title, [, what]] of Object.entries(LEAKS)) {
      expect(fail.said(title)).toMatch(new RegExp(`Test left behind ${what.source}`));
      expect(fail.only(title).errors[0]?.location?.file).toMatch(/a\.chaos\.ts$/);
    }
    expect(fail.only('fails anyway').errors).toHaveLength(1);
    expect(leaksOf(fail, 'fails anyway')).toHaveLength(1);
    expect(fail.get('last').status).toBe('expected');
    const off = await runTests(
      `${HEAD}test('timer', () => { mark('ran'); setTimeout(() => {}, 60_000); });`,
      ARGS,
      'runner: { leaks: off }',
    );
    expect(off.run.code).toBe(0);
    expect(leaksOf(off, 'timer')).toEqual([]);
    expect(off.run.marks()).toEqual(['ran']);
    await untilNothingIsLeft(off.run.footprint);
  });

  test('prints once, though it runs again, and what comes after it is as it was', async () => {
    const result = await runTests(
      `
      test.beforeAll(() => mark('beforeAll'));
      test.afterAll(() => mark('afterAll'));
      test('leaks', ({}, info) => { console.log('from it'); info.setTimeout(60_000); setInterval(() => {}, 1000); });
      test('last', () => console.log('from the last'));
      `,
      ARGS,
    );
    const { run, only } = result;
    expect(run.code, run.output).toBe(0);
    expect(only('leaks').stdout).toEqual([{ text: 'from it\n' }]);
    expect(only('last').stdout).toEqual([{ text: 'from the last\n' }]);
    expect(run.marks()).toEqual(['beforeAll', 'afterAll', 'beforeAll', 'afterAll']);
  });
});

test('what is kept on purpose is no leak', async () => {
  const result = await runTests(
    `${HEAD}
    import { createServer as createHttp } from 'node:http';
    setInterval(() => {}, 1000);
    let pool;
    const it = test.extend({
      server: [async ({}, use) => { const server = createServer((peer) => peer.end()).listen(0, '127.0.0.1'); await once(server, 'listening'); await use(server.address().port); server.close(); }, { scope: 'worker' }],
    });
    let http;
    test.beforeAll(async () => { http = createHttp((_, response) => response.end('ok')).listen(0, '127.0.0.1'); await once(http, 'listening'); });
    test.afterAll(() => void http.closeAllConnections() ?? http.close());
    test('opens lazily, once', async () => { mark('lazy'); pool ??= setInterval(() => {}, 1000); });
    test('uses it', async () => { mark('lazy, too'); pool ??= setInterval(() => {}, 1000); });
    it('of the worker', ({ server }) => {});
    it('connects and leaves', async ({ server }) => { const socket = connect(server, '127.0.0.1'); await once(socket, 'connect'); socket.end(); });
    test('fetches', async () => { for (let n = 0; n < 3; n++) await (await fetch('http://127.0.0.1:' + http.address().port)).text(); });
    test('fetches again', async () => { await (await fetch('http://127.0.0.1:' + http.address().port)).text(); });
    test('closes late', async () => { const server = createServer().listen(0); await once(server, 'listening'); server.close(); });
    test('waits for its child', async () => { await once(spawn('true', { stdio: 'ignore' }), 'exit'); });
    test('opens and closes', async () => { await (await promises.open('package.json')).close(); });
    test('unref', () => { setInterval(() => {}, 1000).unref(); });
    `,
    ARGS,
  );
  const { run, get } = result;
  expect(run.code, run.output).toBe(0);
  const titles = [
    'opens lazily, once',
    'uses it',
    'of the worker',
    'connects and leaves',
    'fetches',
    'fetches again',
    'closes late',
    'waits for its child',
    'opens and closes',
    'unref',
  ];
  for (const title of titles) expect(leaksOf(result, title), title).toEqual([]);
  expect(new Set(titles.map((title) => get(title).results[0]?.workerIndex)).size).toBe(1);
  expect(run.marks()).toEqual(['lazy', 'lazy', 'lazy, too']);
});

test('a fault that a test leaves in force fails it, and is undone before the next', async () => {
  const result = await runTests(
    `
    import { writeFileSync, existsSync } from 'node:fs';
    test('breaks', ({ resources }, info) => { writeFileSync('broken', ''); info.chaos.journal.record({ kind: 'remove', path: process.cwd() + '/broken' }, 'a broken file'); });
    test('settles', ({}, info) => { info.chaos.journal.record({ kind: 'remove', path: process.cwd() + '/other' }, 'another').settle(); });
    test('next', ({}, info) => { expect(existsSync('broken')).toBe(false); });
    `,
    ARGS,
  );
  expect(result.run.code, result.run.output).toBe(1);
  expect(result.said('breaks')).toMatch(/Test ended with a fault in force: a broken file/);
  for (const title of ['settles', 'next']) expect(result.get(title).status, result.run.output).toBe('expected');
  await untilNothingIsLeft(result.run.footprint);
});

test('a transaction that a test leaves open is a leak, one that it ends is none', async () => {
  const result = await runTests(
    `
    import pg from 'pg';
    const open = async (url) => { const client = new pg.Client({ connectionString: url, application_name: 'forgetful' }); await client.connect(); client.on('error', () => {}); return client; };
    test('leaves it', async ({ postgres }) => { const client = await open(postgres.url); await client.query('BEGIN'); await client.query('SELECT 42'); });
    test('ends it', async ({ postgres }) => { const client = await open(postgres.url); await client.query('BEGIN'); await client.query('ROLLBACK'); await client.end(); });
    test('leaves only the session', async ({ postgres }) => { kept ??= await open(postgres.url); });
    let kept;
    `,
    ARGS,
  );
  expect(result.run.code, result.run.output).toBe(0);
  const leaks = leaksOf(result, 'leaves it').join('\n');
  expect(leaks).toMatch(
    /an open transaction of forgetful \(idle in transaction, last statement: SELECT 42\), opened at a\.chaos\.ts:8:\d+/,
  );
  for (const title of ['ends it', 'leaves only the session']) expect(leaksOf(result, title), title).toEqual([]);
  await untilNothingIsLeft(result.run.footprint);
});

test('the tests of a serial group are looked at together: what is kept is no leak, what is left has a place', async () => {
  const result = await runTests(
    `
    test.describe.serial('group', () => {
      let step = 0;
      let kept;
      test.beforeAll(() => { step = 0; mark('beforeAll'); });
      test('first', () => { mark('first'); expect(step++).toBe(0); kept ??= setInterval(() => {}, 1000); });
      test('second', () => { mark('second'); expect(step++).toBe(1); setInterval(() => {}, 2000); });
      test('third', () => { mark('third'); expect(step++).toBe(2); setInterval(() => {}, 3000); });
    });
    test('next', () => {});
    `,
    ARGS,
  );
  const { run, get } = result;
  expect(run.code, run.output).toBe(0);
  expect(leaksOf(result, 'first')).toEqual([]);
  expect(leaksOf(result, 'second')).toEqual([
    expect.stringMatching(/^an interval of 2000 ms, opened at a\.chaos\.ts:12:/),
  ]);
  expect(leaksOf(result, 'third')).toEqual([
    expect.stringMatching(/^an interval of 3000 ms, opened at a\.chaos\.ts:13:/),
  ]);
  expect(run.marks()).toEqual(['beforeAll', 'first', 'second', 'third', 'beforeAll', 'first', 'second', 'third']);
  expect(get('next').results[0]?.workerIndex).not.toBe(get('third').results[0]?.workerIndex);
});

test('a serial group that does not go the same way twice keeps what was seen first', async () => {
  const result = await runTests(
    `
    let runs = 0;
    test.describe.serial('group', () => {
      test('first', () => { runs++; });
      test('second', () => { if (runs > 1) throw new Error('only once'); });
      test('third', () => { setInterval(() => {}, 3000); });
    });
    `,
    ARGS,
  );
  expect(result.run.code, result.run.output).toBe(0);
  expect(leaksOf(result, 'third')).toEqual(['a timer']);
});
