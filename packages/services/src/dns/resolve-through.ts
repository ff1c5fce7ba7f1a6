import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

// Mounted over the files themselves, in a mount namespace that only this program sees; not every system has the second
// file.
const MOUNT =
  'mount --bind "$0/resolv.conf" /etc/resolv.conf && { ! [ -e /etc/nsswitch.conf ] || mount --bind ' +
  '"$0/nsswitch.conf" /etc/nsswitch.conf; } && exec "$@"';

/**
 * Command prefix that makes a program resolve names through the name server at `host`, port 53, and `/etc/hosts`: it
 * gets a mount namespace (`mount_namespaces(7)`) with its own `resolv.conf`. Needs CAP_SYS_ADMIN, which a user
 * namespace gives.
 *
 * @param directory an existing folder for the two files
 */
export async function resolveThrough(host: string, directory: string): Promise<readonly [string, ...string[]]> {
  await writeFile(join(directory, 'resolv.conf'), `nameserver ${host}\n`, { mode: 0o644 });
  // Without this, systemd-resolved and mDNS would answer instead.
  await writeFile(join(directory, 'nsswitch.conf'), 'passwd: files\ngroup: files\nhosts: files dns\n', { mode: 0o644 });
  return ['unshare', '--mount', 'sh', '-c', MOUNT, directory];
}
