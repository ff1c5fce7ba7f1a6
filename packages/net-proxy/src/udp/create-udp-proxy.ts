import { DatagramProxy } from './datagram-proxy.js';
import type { UdpProxy, UdpProxyOptions } from './udp-proxy.js';

/**
 * Starts a proxy in front of a UDP server; resolves when it listens. Each client gets its own socket to the upstream.
 * Throws `RangeError` or `TypeError` for a bad address, `ChaosError` `PORT_TAKEN`.
 */
export async function createUdpProxy(options: UdpProxyOptions): Promise<UdpProxy> {
  const proxy = new DatagramProxy(options);
  await proxy.core.start(options.toxics ?? []);
  return proxy;
}
