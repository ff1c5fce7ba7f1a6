import { readFileSync, readdirSync } from 'node:fs';
import { heldSockets, listeningSockets } from '@chaos/env/process';

/**
 * Process that listens on a port, for people: `1234 (node server.js)`; `undefined` if it cannot be seen (another user's
 * process).
 */
export function portHolder(port: number): string | undefined {
  const inodes = (listeningSockets() ?? []).filter((socket) => socket.port === port).map(({ inode }) => inode);
  if (inodes.length === 0) return undefined;
  const pid = attempt(() => readdirSync('/proc'))?.find((name) => /^\d+$/.test(name) && holdsOne(name, inodes));
  if (pid === undefined) return undefined;
  const command = attempt(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8'))
    ?.split('\0')
    .join(' ')
    .trim();
  return `${pid} (${command ?? '?'})`;
}

function holdsOne(pid: string, inodes: readonly string[]): boolean {
  const held = heldSockets(pid);
  return inodes.some((inode) => held.has(inode));
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
