import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { heldSockets } from './held-sockets.js';
import { listeningSockets } from './listening-sockets.js';

const inodesOf = (port: number): readonly string[] =>
  (listeningSockets() ?? []).filter((socket) => socket.port === port).map(({ inode }) => inode);

test.runIf(process.platform === 'linux').each(['127.0.0.1', '::1'])(
  'a socket that listens on %s is told as long as it does, and who holds it',
  async (host) => {
    const server = createServer().listen(0, host);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const client = connect({ host, port });
    await once(client, 'connect');
    const [inode = '', ...others] = inodesOf(port);
    // The connection itself does not listen.
    expect(others).toEqual([]);
    expect(heldSockets(process.pid)).toContain(inode);
    expect(heldSockets(process.ppid)).not.toContain(inode);
    client.destroy();
    server.close();
    await once(server, 'close');
    expect(inodesOf(port)).toEqual([]);
    expect(heldSockets(process.pid)).not.toContain(inode);
  },
);

test('of a process that is gone nothing is known', () => {
  expect(listeningSockets(2 ** 30)).toBeUndefined();
  expect(heldSockets(2 ** 30)).toEqual(new Set());
});
