import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { startPostgres } from '@chaos/services/postgres';
import { noJournal } from '@chaos/spec';
import { http } from '@chaos/test';
import { callMs, median, requestsPerSecond, start } from './measure.mjs';

const TABLES = 50;
const LINKS = 20;

/** Rows of the table: each has a name, a bar, and a measurement of one round. */
export const ROWS = [
  {
    name: 'a call of the HTTP kit, over a bare fetch that reads JSON',
    bar: { text: '≤ 10 %', met: (share) => share <= 0.1 },
    print: (share) => `${(share * 100).toFixed(1)} %`,
    run: kitOverFetch,
  },
  {
    name: 'requests/s of the HTTP proxy, as a share of the TCP proxy’s',
    bar: { text: '≥ 0.5', met: (share) => share >= 0.5 },
    print: (share) => share.toFixed(2),
    run: httpOverTcp,
  },
  {
    name: `reset of ${TABLES} tables without a change`,
    bar: { text: '≤ 50 ms', met: (ms) => ms <= 50 },
    print: (ms) => `${ms.toFixed(1)} ms`,
    run: reset,
  },
  {
    name: `memory of a further link, of ${LINKS}`,
    bar: { text: '≤ 5 MB', met: (bytes) => bytes <= 5e6 },
    print: (bytes) => `${(bytes / 1e6).toFixed(2)} MB`,
    run: memoryOfLink,
  },
];

async function kitOverFetch({ quick }) {
  const { child, message: port } = await start('server.mjs');
  const url = `http://127.0.0.1:${port}`;
  const context = {
    url,
    urls: {},
    config: { timeoutMs: 5000, deadlineFactor: 1 },
    issueToken: () => Promise.reject(new Error('No token is asked for')),
    signal: new AbortController().signal,
  };
  const operation = http().get((id) => `/notes/${id}`, { right: (note, id) => note.id === id });
  const kit = () => operation(context, '1');
  const bare = async () => JSON.parse(await (await fetch(`${url}/notes/1`)).text());
  const [calls, turns] = quick ? [200, 5] : [500, 15];
  const shares = [];
  for (let turn = -2; turn < turns; turn++) {
    // The two take turns at going first.
    const [first, second] = turn % 2 === 0 ? [kit, bare] : [bare, kit];
    const times = new Map([[first, await callMs(first, calls)]]);
    times.set(second, await callMs(second, calls));
    if (turn >= 0) shares.push(times.get(kit) / times.get(bare) - 1);
  }
  child.kill();
  return median(shares);
}

async function httpOverTcp({ quick }) {
  const server = await start('server.mjs');
  const proxies = await start('proxies.mjs', [String(server.message)]);
  const { tcp, http: byHttp } = proxies.message;
  const requests = quick ? 3000 : 10_000;
  for (const port of [tcp, byHttp]) await requestsPerSecond(port, { requests });
  const shares = [];
  for (let turn = 0; turn < 3; turn++) {
    const plain = await requestsPerSecond(tcp, { requests });
    shares.push((await requestsPerSecond(byHttp, { requests })) / plain);
  }
  proxies.child.kill();
  server.child.kill();
  return median(shares);
}

async function reset({ quick }) {
  const directory = await mkdtemp('/tmp/chaos-bench-');
  await chmod(directory, 0o755);
  const signal = AbortSignal.timeout(300_000);
  const { message: port, child } = await start('server.mjs');
  // Its port is free then, and nobody else knows it.
  child.kill();
  await once(child, 'exit');
  const options = { port, directory, journal: noJournal, log() {}, startTimeoutMs: 60_000, signal };
  const postgres = await startPostgres(options);
  try {
    await createTables(postgres.url);
    await postgres.snapshot(signal);
    const times = [];
    for (let turn = 0; turn < (quick ? 10 : 40); turn++) times.push(await callMs(() => postgres.reset(signal), 1));
    return median(times);
  } finally {
    await postgres[Symbol.asyncDispose]();
    await rm(directory, { recursive: true, force: true });
  }
}

async function createTables(connectionString) {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString });
  await client.connect();
  for (let table = 0; table < TABLES; table++)
    await client.query(
      `CREATE TABLE t${table} (id bigserial PRIMARY KEY, body text); INSERT INTO t${table} (body) SELECT 'x' FROM generate_series(1, 20)`,
    );
  await client.end();
}

async function memoryOfLink() {
  const server = await start('server.mjs');
  const { child } = await start('proxies.mjs', [String(server.message)]);
  child.send(LINKS);
  const bytes = await new Promise((resolve) => child.once('message', resolve));
  child.kill();
  server.child.kill();
  return bytes;
}
