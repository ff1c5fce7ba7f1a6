import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

const LISTEN = '0A';

/**
 * Process that listens on a port, for people: `1234 (node server.js)`; `undefined` if it cannot be seen (another user's
 * process).
 */
export function portHolder(port: number): string | undefined {
  const inodes = new Set(['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => listeners(table, port)));
  if (inodes.size === 0) return undefined;
  const pid = attempt(() => readdirSync('/proc'))?.find((name) => /^\d+$/.test(name) && holdsOne(name, inodes));
  if (pid === undefined) return undefined;
  const command = attempt(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8'))
    ?.split('\0')
    .join(' ')
    .trim();
  return `${pid} (${command ?? '?'})`;
}

function listeners(table: string, port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return (attempt(() => readFileSync(table, 'latin1')) ?? '')
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local, , state]) => state === LISTEN && local?.endsWith(suffix))
    .flatMap((fields) => fields[9] ?? []);
}

function holdsOne(pid: string, inodes: ReadonlySet<string>): boolean {
  const folder = `/proc/${pid}/fd`;
  return (attempt(() => readdirSync(folder)) ?? []).some((fd) =>
    inodes.has(/^socket:\[(\d+)\]$/.exec(attempt(() => readlinkSync(`${folder}/${fd}`)) ?? '')?.[1] ?? ''),
  );
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
