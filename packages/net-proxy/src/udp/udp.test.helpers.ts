import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** A UDP server that answers each datagram with itself. */
export interface UdpEcho extends Disposable {
  readonly port: number;
  readonly heard: string[];
}

/** A client of one address, and what it got: datagrams, and codes of errors. */
export interface UdpClient extends Disposable {
  readonly socket: Socket;
  readonly got: string[];
}

export async function udpEcho(): Promise<UdpEcho> {
  const heard: string[] = [];
  const server = createSocket('udp4').on('message', (data, from) => {
    heard.push(data.toString());
    server.send(data, from.port, from.address);
  });
  server.bind(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: server.address().port, heard, [Symbol.dispose]: () => server.close() };
}

export async function udpClient(port: number): Promise<UdpClient> {
  const got: string[] = [];
  const socket = createSocket('udp4')
    .on('message', (data) => got.push(data.toString()))
    .on('error', (error: NodeJS.ErrnoException) => got.push(error.code ?? ''));
  socket.connect(port, '127.0.0.1');
  await once(socket, 'connect');
  return { socket, got, [Symbol.dispose]: () => socket.close() };
}
