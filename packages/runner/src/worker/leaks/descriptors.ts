import { closeSync, openSync, readdirSync, readlinkSync } from 'node:fs';

/**
 * Files that this process has open, by descriptor. Sockets and pipes are told of elsewhere; nothing where there is no
 * `/proc`.
 */
export function openFiles(): ReadonlyMap<number, string> {
  const files = new Map<number, string>();
  for (const name of list()) {
    const path = target(name);
    if (path?.startsWith('/') && !path.startsWith('/dev/') && !path.startsWith('/proc/')) files.set(Number(name), path);
  }
  return files;
}

/** The lowest descriptor that is free: one that is left open takes it. Much cheaper than looking at all. */
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
