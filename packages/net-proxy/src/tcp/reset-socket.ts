import type { Socket } from 'node:net';

/**
 * Ends a socket so that its peer gets an RST, whatever is still to be written. Does nothing to a socket that is gone.
 * One that is still connecting is reset once it has connected: closed now, its peer might see an orderly end.
 */
export function resetSocket(socket: Socket | undefined): void {
  if (socket === undefined || socket.destroyed) return;
  if (socket.writableEnded && !socket.writableFinished && socket.writableLength === 0) {
    // Node 20 loses the descriptor (EINVAL, no 'close') when a reset meets a shutdown under way; that takes one turn of
    // the loop.
    socket.once('finish', () => resetSocket(socket));
  } else {
    socket.resetAndDestroy();
  }
}
