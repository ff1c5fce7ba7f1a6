import { createProxy, latency } from '../dist/index.js';
import { createApiServer } from '../dist/api/index.js';

let proxy;
let api;
const failures = {};
process.on('message', async ({ open, serve, add, clear, list }) => {
  if (open) {
    const onEvent = ({ type, error }) => type === 'connection-failed' && (failures[error.code] = error.message);
    proxy = await createProxy({
      name: 'bench',
      listen: { host: '127.0.0.1', port: 0 },
      upstream: { host: '127.0.0.1', port: open },
      onEvent,
    });
    return process.send({ port: proxy.listen.port });
  }
  if (serve) {
    api = await createApiServer({ listen: { host: '127.0.0.1', port: 0 } });
    return process.send({ url: api.url });
  }
  if (add) proxy.add(latency({ latencyMs: add }), { direction: 'downstream' });
  if (clear) await proxy.clear();
  if (list) globalThis.gc?.();
  return process.send({ connections: proxy?.connections(), failures, memory: process.memoryUsage() });
});
process.on('disconnect', () => process.exit());
