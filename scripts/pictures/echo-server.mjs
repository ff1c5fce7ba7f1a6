import { createServer } from 'node:net';
import { once } from 'node:events';

/** Answers every 8 bytes with 2,000. */
export async function startEcho() {
  const answer = Buffer.alloc(2000, 'x');
  const sockets = new Set();
  const server = createServer({ noDelay: true, allowHalfOpen: false }, (socket) => {
    let pending = 0;
    sockets.add(socket.on('close', () => sockets.delete(socket)));
    socket.on('error', () => {});
    socket.on('data', (data) => {
      for (pending += data.length; pending >= 8; pending -= 8) socket.write(answer);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: server.address().port, close };

  // The end of some connections is dropped on its way here.
  function close() {
    server.close();
    for (const socket of sockets) socket.destroy();
  }
}
