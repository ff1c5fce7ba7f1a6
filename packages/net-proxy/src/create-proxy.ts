import type { Proxy, ProxyOptions } from './proxy.js';
import { TcpProxy } from './tcp/tcp-proxy.js';

/**
 * Starts a proxy in front of a TCP server; resolves when it listens. Without toxics it passes bytes, half-closes,
 * resets and back-pressure on as they are. Throws `RangeError` or `TypeError` for a bad address, `ChaosError`
 * `PORT_TAKEN`.
 */
export async function createProxy(options: ProxyOptions): Promise<Proxy> {
  const proxy = new TcpProxy(options);
  await proxy.core.start(options.toxics ?? []);
  return proxy;
}
