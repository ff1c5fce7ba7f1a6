// A notes service on node:http and pg alone. It knows nothing of chaos: its environment tells it everything it needs.
import { createServer } from 'node:http';
import pg from 'pg';

const { PORT = '3000', DATABASE_URL, DATABASE_POOL_SIZE = '10', REQUEST_TIMEOUT_MS = '5000', BUG } = process.env;
const timeoutMs = Number(REQUEST_TIMEOUT_MS) / 2;

const pool = new pg.Pool({
  connectionString: DATABASE_URL,
  // The bug: this limit limits nothing.
  max: BUG === 'unbounded-pool' ? 1000 : Number(DATABASE_POOL_SIZE),
  connectionTimeoutMillis: timeoutMs,
  query_timeout: timeoutMs,
  statement_timeout: timeoutMs,
  application_name: 'plain-http',
});
// Without this listener a broken idle connection would end the process.
if (BUG !== 'no-error-listener') pool.on('error', () => {});

const schema = 'CREATE TABLE IF NOT EXISTS notes (id text PRIMARY KEY, body text NOT NULL)';
let prepared;

async function query(text, values) {
  // The first caller creates the table; if that fails, the next caller tries again.
  prepared ??= pool.query(schema).catch((error) => {
    prepared = undefined;
    throw error;
  });
  await prepared;
  return pool.query(text, values);
}

async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

async function answer(request) {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost');
  const id = /^\/notes\/([\w-]+)$/.exec(pathname)?.[1];
  if (pathname === '/health') return [200, (await query('SELECT 1 AS ok')).rows[0]];
  if (id !== undefined && request.method === 'PUT') {
    await query('INSERT INTO notes VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET body = excluded.body', [
      id,
      await bodyOf(request),
    ]);
    return [200, { id }];
  }
  if (id !== undefined && request.method === 'GET') {
    const { rows } = await query('SELECT id, body FROM notes WHERE id = $1', [id]);
    return rows.length === 0 ? [404, { error: `no note ${id}` }] : [200, rows[0]];
  }
  if (pathname === '/search')
    return [
      200,
      (await query('SELECT id FROM notes WHERE body LIKE $1 ORDER BY id', [`%${searchParams.get('for') ?? ''}%`])).rows,
    ];
  return [404, { error: `no route ${pathname}` }];
}

const server = createServer(async (request, response) => {
  const [status, value] = await answer(request).catch((error) => [503, { error: error.message }]);
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
});
server.listen(Number(PORT), '127.0.0.1');
