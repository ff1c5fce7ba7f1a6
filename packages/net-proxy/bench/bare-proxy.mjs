import { connect, createServer } from 'node:net';

// The least work that a proxy in Node can do. A proxy slower than this is our cost; the rest of the gap is Node's.
process.on('message', ({ open }) => {
  const options = { allowHalfOpen: true, noDelay: true };
  const server = createServer(options, (client) => {
    const upstream = connect({ port: open, host: '127.0.0.1', ...options });
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ])
      from.on('error', () => to.destroy()).pipe(to);
  });
  server.listen(0, '127.0.0.1', 16_384, () => process.send({ port: server.address().port }));
});
process.on('disconnect', () => process.exit());
