import { createHash, randomBytes } from 'node:crypto';
import { request, Agent } from 'node:http';
import { connect } from 'node:net';
import { once } from 'node:events';

const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const call = (url, method, body) =>
  new Promise((resolve, reject) => {
    const text = body === undefined ? '' : JSON.stringify(body);
    const start = performance.now();
    const sent = request(url, { method, agent, headers: { 'Content-Length': Buffer.byteLength(text) } }, (response) => {
      let answer = '';
      response
        .on('data', (data) => (answer += data))
        .on('end', () => resolve({ status: response.statusCode, answer, ms: performance.now() - start }));
    }).on('error', reject);
    sent.end(text);
  });

/** Adds and removes toxics while connections echo; every byte must come back, in order. */
async function toxics({ url, upstream, count, lines }) {
  const { answer } = await call(`${url}/proxies`, 'POST', {
    name: 'live',
    listen: '127.0.0.1:0',
    upstream: `127.0.0.1:${upstream}`,
  });
  const port = Number(JSON.parse(answer).listen.split(':').at(-1));
  let running = true;
  let bytes = 0;
  const traffic = Array.from({ length: lines }, async () => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    const [sent, back] = [createHash('sha256'), createHash('sha256')];
    socket.on('data', (data) => back.update(data));
    socket.write('E');
    while (running) {
      const data = randomBytes(16_384);
      sent.update(data);
      bytes += data.length;
      if (!socket.write(data)) await once(socket, 'drain');
      await new Promise(setImmediate);
    }
    socket.end();
    await once(socket, 'end');
    return sent.digest('hex') === back.digest('hex');
  });
  const kinds = [
    ['latency', { latency: 1, jitter: 1 }],
    ['slicer', { average_size: 4096 }],
    ['bandwidth', { rate: 1_000_000 }],
    ['slow_close', { delay: 1 }],
    ['noop', {}],
  ];
  const ms = [];
  for (let index = 0; index < count; index++) {
    const [type, attributes] = kinds[index % kinds.length];
    const stream = index % 2 === 0 ? 'upstream' : 'downstream';
    const added = await call(`${url}/proxies/live/toxics`, 'POST', { name: `t${index}`, type, stream, attributes });
    ms.push(added.ms);
    if (added.status !== 200) throw new Error(added.answer);
    // Up to three are in force at a time.
    const removed = index < 2 ? undefined : await call(`${url}/proxies/live/toxics/t${index - 2}`, 'DELETE');
    if (removed) ms.push(removed.ms);
    if (removed && removed.status !== 204) throw new Error(removed.answer);
  }
  running = false;
  const whole = await Promise.all(traffic);
  ms.sort((a, b) => a - b);
  return {
    whole: whole.every(Boolean),
    mb: bytes / 1e6,
    p50: ms[Math.floor(ms.length / 2)],
    p99: ms[Math.floor(ms.length * 0.99)],
    max: ms.at(-1),
  };
}

process.on('message', (options) => {
  toxics(options).then(
    (answer) => process.send(answer),
    (error) => process.send({ error: String(error.stack ?? error) }),
  );
});
process.on('disconnect', () => process.exit());
