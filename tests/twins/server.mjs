import { connect } from 'node:net';
import { createServer } from 'node:http';

const { PORT, REDIS_HOST, REDIS_PORT, TIMEOUT_MS, BUG } = process.env;
const NOTE = JSON.stringify({ id: '1', body: 'the first note' });
let hasGivenUp = false;

// Any answer will do.
const askCache = () =>
  new Promise((resolve, reject) => {
    const socket = connect(Number(REDIS_PORT), REDIS_HOST);
    const end = (settle) => (value) => {
      socket.destroy();
      settle(value);
    };
    socket.setTimeout(Number(TIMEOUT_MS) / 4, end(reject));
    socket.once('data', end(resolve)).once('error', end(reject));
    socket.write('PING\r\n');
  });

async function answer(response) {
  const isCached = BUG === 'idle' || (await askCache().then(Boolean, () => false));
  if (!isCached) hasGivenUp = true;
  if (!isCached && BUG === 'hang') return;
  if (!isCached && BUG === 'unhandled') void Promise.reject(new Error('the cache is gone'));
  if (!isCached && BUG === 'wrong') response.statusCode = 404;
  if (hasGivenUp && BUG === 'gives-up') response.statusCode = 503;
  response.end(NOTE);
  if (!isCached && BUG === 'crash') setImmediate(() => process.exit(1));
}

createServer((_, response) => void answer(response)).listen(Number(PORT), '127.0.0.1');
