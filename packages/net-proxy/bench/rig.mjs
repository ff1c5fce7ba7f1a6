import { haproxyVersion, start, startHaproxy, startToxiproxy, toxiproxyVersion } from './processes.mjs';

export const DIRECT = 'direct';
export const HAPROXY = `haproxy ${haproxyVersion}`;
const TOXIPROXY = `Toxiproxy ${toxiproxyVersion}`;
export const BARE = 'bare Node (socket.pipe)';
export const CHAOS = '@chaos';
export const LIBRARY = '@chaos as a library';

/** Starts a server, and every way to it: haproxy, Toxiproxy, bare Node, and ours. */
export async function paths() {
  const server = await start('server.mjs');
  const { port } = await server.ask({});
  const haproxy = await startHaproxy(port);
  const bare = await start('bare-proxy.mjs');
  const standalone = await start('standalone-proxy.mjs');
  const chaos = await start('chaos-proxy.mjs');
  const ports = {
    bare: (await bare.ask({ open: port })).port,
    standalone: (await standalone.ask({ open: port })).port,
    library: (await chaos.ask({ open: port })).port,
  };
  const toxiproxy = toxiproxyVersion === undefined ? undefined : await startToxiproxy(port);
  const client = await start('client.mjs');
  return {
    client,
    chaos,
    upstream: port,
    pids: {
      [HAPROXY]: haproxy.pid,
      [BARE]: bare.pid,
      [CHAOS]: standalone.pid,
      [LIBRARY]: chaos.pid,
      ...(toxiproxy && { [TOXIPROXY]: toxiproxy.pid }),
    },
    ports: {
      [DIRECT]: port,
      [HAPROXY]: haproxy.port,
      [BARE]: ports.bare,
      [CHAOS]: ports.standalone,
      [LIBRARY]: ports.library,
      ...(toxiproxy && { [TOXIPROXY]: toxiproxy.port }),
    },
    stop: () => [server, haproxy, bare, standalone, chaos, toxiproxy, client].forEach((one) => one?.stop()),
  };
}
