import { readFile } from 'node:fs/promises';

const LISTEN = '0A';

/**
 * The inodes of the sockets that listen on a TCP port in the network namespace of this process. `undefined` where the
 * kernel does not tell. Source: proc(5), /proc/net/tcp.
 */
export async function listeningSockets(port: number): Promise<ReadonlySet<string> | undefined> {
  const tables = await Promise.all(
    // One of the two is missing where the kernel was built without that protocol.
    ['tcp', 'tcp6'].map((table) => readFile(`/proc/self/net/${table}`, 'latin1').catch(() => undefined)),
  );
  if (tables.every((table) => table === undefined)) return undefined;
  const end = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const inodes = new Set<string>();
  for (const line of tables.flatMap((table) => table?.split('\n') ?? [])) {
    const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
    if (state === LISTEN && local?.endsWith(end) && inode !== undefined) inodes.add(inode);
  }
  return inodes;
}
