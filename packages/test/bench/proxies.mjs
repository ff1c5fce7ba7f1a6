import { createProxy } from '@chaos/net-proxy';
import { createHttpProxy } from '@chaos/net-proxy/http';

// Both modes in front of one server, in one process as in a slot; then as many further links as are asked for.
const upstream = { host: '127.0.0.1', port: Number(process.argv[2]), tls: false };
const listen = { host: '127.0.0.1', port: 0 };
const tcp = await createProxy({ name: 'tcp', listen, upstream });
const http = await createHttpProxy({ name: 'http', listen, upstream });
process.on('message', async (links) => {
  globalThis.gc();
  const before = process.memoryUsage.rss();
  for (let index = 0; index < links; index++) await createProxy({ name: `link ${index}`, listen, upstream });
  globalThis.gc();
  process.send((process.memoryUsage.rss() - before) / links);
});
process.send({ tcp: tcp.listen.port, http: http.listen.port });
