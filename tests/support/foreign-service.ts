/**
 * A key-value store of somebody else, with numbers as keys: it has no transfers, no Redis and no tokens. Its variant
 * `racy` reads a counter, and writes it afterwards.
 */
export const foreignService: Readonly<Record<string, string>> = {
  'chaos.yaml': `
target:
  command: [node, server.mjs]
  env: { LISTEN: '{port}', STORE: '{postgres.url}' }
  ready: { http: /up }
  driver: driver.ts
  variants: { racy: { RACY: 1 } }
`,
  'server.mjs': `
import { createServer } from 'node:http';
import pg from 'pg';
const pool = new pg.Pool({ connectionString: process.env.STORE, connectionTimeoutMillis: 3000 });
pool.on('error', () => {});
await pool.query('CREATE TABLE IF NOT EXISTS thing (id int PRIMARY KEY, text text)');
await pool.query('CREATE TABLE IF NOT EXISTS tally (id int PRIMARY KEY, n int)');
const value = async (sql, ...values) => Object.values((await pool.query(sql, values)).rows[0] ?? [null])[0];
const add = async (id) => {
  if (!process.env.RACY) return value('UPDATE tally SET n = n + 1 WHERE id = $1 RETURNING n', id);
  const n = (await value('SELECT n FROM tally WHERE id = $1', id)) + 1;
  return value('UPDATE tally SET n = $2 WHERE id = $1 RETURNING n', id, n);
};
const routes = {
  'GET up': () => value('SELECT 1'),
  'GET thing': (id) => value('SELECT text FROM thing WHERE id = $1', id),
  'PUT thing': (id, text) => value('INSERT INTO thing VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET text = $2 RETURNING id', id, text),
  'GET tally': (id) => value('SELECT n FROM tally WHERE id = $1', id),
  'PUT tally': (id) => value('INSERT INTO tally VALUES ($1, 0) ON CONFLICT DO NOTHING', id),
  'POST tally': add,
};
createServer(async (request, response) => {
  let body = '';
  for await (const part of request) body += part;
  const [, name, id] = request.url.split('/');
  try { response.end(JSON.stringify(await routes[request.method + ' ' + name](Number(id), body))); }
  catch (error) { response.writeHead(503).end(String(error)); }
}).listen(Number(process.env.LISTEN), '127.0.0.1');
`,
  'driver.ts': `
import { http, type DriverContext } from '@chaos/test';
import type { SuiteDriver } from '@chaos/suites';

const api = http();
const number = (key: string): string => key.replace(/.*-/, '');
const counted = api.get<number, [key: string]>((key) => \`/tally/\${number(key)}\`);
const operations = {
  read: api.get<string, [key: string]>((key) => \`/thing/\${number(key)}\`),
  write: api.put<unknown, [key: string, value: string]>((key) => \`/thing/\${number(key)}\`, { body: (_, value) => value }),
  count: (context: DriverContext, key: string): Promise<number> => counted(context, key),
  increment: api.post<number, [key: string]>((key) => \`/tally/\${number(key)}\`),
};

export default {
  operations,
  async seed(context: DriverContext) {
    for (let index = 0; index < 10; index += 1) await operations.write(context, \`document-\${index}\`, 'seeded');
    await api.put('/tally/0')(context);
  },
} satisfies SuiteDriver;
`,
};
