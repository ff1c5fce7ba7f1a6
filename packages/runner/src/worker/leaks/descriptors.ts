import { closeSync, openSync, readdirSync, readlinkSync } from 'node:fs';

/** Open files of this process, by descriptor. Sockets and pipes are found elsewhere; empty without `/proc`. */
export function openFiles(): ReadonlyMap<number, string> {
  const files = new Map<number, string>();
  for (const name of list()) {
    const path = target(name);
    if (path?.startsWith('/') && !path.startsWith('/dev/') && !path.startsWith('/proc/')) files.set(Number(name), path);
  }
  return files;
}

/** The lowest free descriptor: a file left open raises it. Much cheaper than listing all. */
export function lowestDescriptor(): number {
  const descriptor = openSync('/', 'r');
  closeSync(descriptor);
  return descriptor;
}

function list(): readonly string[] {
  try {
    return readdirSync('/proc/self/fd');
  } catch {
    return [];
  }
}

function target(name: string): string | undefined {
  try {
    return readlinkSync(`/proc/self/fd/${name}`);
  } catch {
    return undefined;
  }
}
