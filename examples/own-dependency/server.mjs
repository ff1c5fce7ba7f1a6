// Notes, read through a Memcached; it knows nothing of chaos. BUG starts it with a bug that a test has to find.
import { createServer } from 'node:http';
import { connect } from 'node:net';

const { PORT, CACHE = '127.0.0.1:11211', REQUEST_TIMEOUT_MS = '5000', BUG } = process.env;
const [host, port] = CACHE.split(':');
const notes = new Map();

/** Sends one command on a connection of its own; resolves with the answer when `isWhole` says so. */
function ask(command, isWhole) {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), host);
    let answer = '';
    const end = (settle, value) => {
      socket.destroy();
      settle(value);
    };
    // A cache that takes longer than the work that it saves is none.
    if (BUG !== 'no-cache-timeout')
      socket.setTimeout(Number(REQUEST_TIMEOUT_MS) / 10, () => end(reject, new Error('the cache did not answer')));
    socket.on('error', (error) => end(reject, error));
    socket.on('close', () => reject(new Error('the cache hung up')));
    socket.on('data', (data) => {
      answer += data.toString('latin1');
      if (isWhole(answer)) end(resolve, answer);
    });
    socket.write(command, 'latin1');
  });
}

async function cached(id) {
  const answer = await ask(`get note:${id}\r\n`, (text) => text.endsWith('END\r\n'));
  return answer === 'END\r\n' ? undefined : Buffer.from(answer.split('\r\n')[1], 'latin1').toString();
}

async function remember(id, body) {
  const value = Buffer.from(body).toString('latin1');
  await ask(`set note:${id} 0 0 ${value.length}\r\n${value}\r\n`, (text) => text.endsWith('\r\n'));
}

// Without the cache a note is as good, and later.
const orNothing = (promise) => (BUG === 'cache-is-required' ? promise : promise.catch(() => undefined));

createServer(async (request, response) => {
  const id = request.url?.split('/')[2];
  try {
    if (request.url === '/health') return response.end('ok');
    if (request.method === 'PUT') {
      let body = '';
      for await (const chunk of request) body += chunk;
      notes.set(id, body);
      await orNothing(ask(`delete note:${id}\r\n`, (text) => text.endsWith('\r\n')));
      return response.end(JSON.stringify({ id }));
    }
    const hit = await orNothing(cached(id));
    const body = hit ?? notes.get(id);
    if (body === undefined) return response.writeHead(404).end();
    if (hit === undefined) await orNothing(remember(id, body));
    response.end(JSON.stringify({ id, body, from: hit === undefined ? 'store' : 'cache' }));
  } catch (error) {
    response.writeHead(503).end(String(error));
  }
}).listen(Number(PORT), '127.0.0.1');
