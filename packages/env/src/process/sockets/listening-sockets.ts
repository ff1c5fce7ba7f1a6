import { readFileSync } from 'node:fs';

const LISTEN = '0A';

/** A socket that listens for TCP. */
export interface ListeningSocket {
  readonly port: number;
  /** Its inode: the same socket has the same one in every process that holds it. */
  readonly inode: string;
}

/**
 * The sockets that listen for TCP in the network namespace of a process; default: this one. `undefined` where the
 * kernel does not tell, or the process is gone. Source: proc(5), /proc/PID/net/tcp.
 */
export function listeningSockets(pid: number | 'self' = 'self'): readonly ListeningSocket[] | undefined {
  // One of the two is missing where the kernel was built without that protocol.
  const tables = ['tcp', 'tcp6'].flatMap((table) => readTable(`/proc/${pid}/net/${table}`) ?? []);
  return tables.length === 0 ? undefined : tables.flatMap((table) => table.split('\n').slice(1).flatMap(listening));
}

function listening(line: string): readonly ListeningSocket[] {
  const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
  if (state !== LISTEN || local === undefined || inode === undefined) return [];
  return [{ port: Number.parseInt(local.slice(local.lastIndexOf(':') + 1), 16), inode }];
}

function readTable(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}
