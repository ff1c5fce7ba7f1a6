import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import { asMachineError } from '@chaos/spec';
import { failed, type Check } from './check.js';

/** Checks that this process may open enough files. */
export async function checkOpenFiles(): Promise<Check> {
  const { assertOpenFiles } = await import('@chaos/env/process');
  try {
    return { name: 'open files', status: 'ok', detail: `${assertOpenFiles() ?? 'no limit known'}` };
  } catch (error) {
    return failed('open files', error);
  }
}

/** Checks that this user may start enough processes. */
export async function checkProcesses(): Promise<Check> {
  const { assertProcesses } = await import('@chaos/env/process');
  try {
    return { name: 'processes', status: 'ok', detail: `${assertProcesses() ?? 'no limit known'}` };
  } catch (error) {
    return failed('processes', error);
  }
}

/** Checks that processes can talk over 127.0.0.1, by connecting. */
export async function checkLoopback(): Promise<Check> {
  const server = createServer((socket) => socket.on('error', () => {}).end());
  let client: Socket | undefined;
  try {
    await once(server.listen(0, '127.0.0.1'), 'listening');
    client = connect((server.address() as AddressInfo).port, '127.0.0.1');
    await once(client, 'connect');
    return { name: 'loopback', status: 'ok', detail: 'a connection to 127.0.0.1 was made' };
  } catch (error) {
    return failed('loopback', asMachineError(error));
  } finally {
    client?.destroy();
    server.close();
  }
}
