import { readdir, readlink } from 'node:fs/promises';
import { withDescendants } from '@chaos/env/process';

/** The processes among `root` and its descendants that hold one of the sockets, given by inode. */
export async function socketOwners(root: number, inodes: ReadonlySet<string>): Promise<readonly number[]> {
  const links = new Set([...inodes].map((inode) => `socket:[${inode}]`));
  const owners = withDescendants(({ pid }) => pid === root).map(async ({ pid }) => {
    const folder = `/proc/${pid}/fd`;
    // A process may end while we look.
    const names = await readdir(folder).catch(() => []);
    const targets = await Promise.all(names.map((name) => readlink(`${folder}/${name}`).catch(() => '')));
    return targets.some((target) => links.has(target)) ? [pid] : [];
  });
  return (await Promise.all(owners)).flat();
}
