import type { ServerResponse } from 'node:http';
import type { ProxyRegistry } from '../proxy-registry.js';

/** A reader that lags behind by more than this is disconnected: the server does not keep events for it. */
const BEHIND_BYTES = 1024 * 1024;

/** Server-sent events: one per change, of one proxy or of all, until the reader leaves. */
export function streamEvents(registry: ProxyRegistry, proxy: string | undefined, response: ServerResponse): void {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  response.write(': connected\n\n');
  const end = registry.subscribe((event) => {
    const name = typeof event.proxy === 'string' ? event.proxy : event.proxy['name'];
    if (proxy !== undefined && name !== proxy) return;
    response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
    if (response.writableLength > BEHIND_BYTES) response.destroy();
  });
  response.on('close', end);
}
