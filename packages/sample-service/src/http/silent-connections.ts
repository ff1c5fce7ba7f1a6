import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

const GRACE_MS = 500;

/**
 * Ends connections that never asked for anything when the service stops. Node's `closeIdleConnections()` takes a
 * connection without a first request for a busy one, so that a client which connects ahead of its requests would hold
 * the process. A request that is on its way still has half a second to arrive, and is answered.
 */
export function endSilentConnections(app: FastifyInstance): void {
  const silent = new Set<Socket>();
  app.server.on('connection', (socket: Socket) => {
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
  });
  app.server.on('request', ({ socket }) => silent.delete(socket));
  app.addHook('preClose', (done) => {
    const timer = setTimeout(() => {
      for (const socket of silent) socket.destroy();
    }, GRACE_MS);
    app.server.once('close', () => clearTimeout(timer));
    done();
  });
}
