// Measures round trips over a link that delays its answers, inside the network namespace in which it was started:
// `round-trips.mjs <options as JSON>`. With `proxied` (options of the latency toxic) it uses its own proxy; otherwise
// its caller breaks the packets from `port`. Prints ms as JSON.
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { createLink } from '@chaos/links';
import { createProxy } from '@chaos/net-proxy';

const { port, connections, rounds, proxied } = JSON.parse(process.argv[2]);
const host = '127.0.0.1';
const server = createServer({ noDelay: true }, (socket) => socket.on('error', () => {}).pipe(socket)).listen(
  port,
  host,
);
await once(server, 'listening');
const proxy = proxied && (await createProxy({ name: 'link', listen: { host, port: 0 }, upstream: { host, port } }));
await (proxy &&
  createLink(proxy, { from: 'client', to: 'server' })
    .latency({ ...proxied, direction: 'downstream' })
    .inject(new AbortController().signal));

async function measure() {
  const socket = connect({ host, port: proxy?.listen.port ?? port, noDelay: true });
  await once(socket, 'connect');
  const times = [];
  for (let round = 0; round < rounds; round++) {
    const startMs = performance.now();
    socket.write('x');
    await once(socket, 'data');
    times.push(performance.now() - startMs);
  }
  socket.destroy();
  return times;
}
const all = await Promise.all(Array.from({ length: connections }, measure));
process.stdout.write(JSON.stringify(all.flat()));
process.exit();
