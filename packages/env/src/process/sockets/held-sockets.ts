import { readdirSync, readlinkSync } from 'node:fs';

/**
 * The inodes of the sockets that a process holds; empty where it is gone, or another user's. Source: proc_pid_fd(5).
 */
export function heldSockets(pid: number | string): ReadonlySet<string> {
  const folder = `/proc/${pid}/fd`;
  return new Set(list(folder).flatMap((name) => /^socket:\[(\d+)\]$/.exec(linkOf(`${folder}/${name}`))?.[1] ?? []));
}

function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

// A descriptor may be closed while we look.
function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
