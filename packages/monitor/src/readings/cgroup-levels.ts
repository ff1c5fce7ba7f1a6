import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Our own cgroup and its ancestors visible in this mount, innermost first; empty if there is none. */
export function cgroupLevels(
  controller: 'cpu' | 'memory',
  cgroup: string = readText('/proc/self/cgroup'),
  mountinfo: string = readText('/proc/self/mountinfo'),
): readonly string[] {
  const mount = mountOf(controller, mountinfo);
  if (mount === undefined) return [];
  const entry = cgroup
    .split('\n')
    .map((line) => /^\d+:([^:]*):(.*)$/.exec(line))
    .find((match) => (mount.unified ? match?.[1] === '' : match?.[1]?.split(',').includes(controller)));
  if (!entry) return [];
  const inside = entry[2]!.startsWith(mount.root) ? entry[2]!.slice(mount.root.length) : '';
  const levels: string[] = [];
  for (let folder = join(mount.point, inside); folder.startsWith(mount.point); folder = dirname(folder))
    if (existsSync(folder)) levels.push(folder);
  return levels;
}

function mountOf(
  controller: string,
  mountinfo: string,
): { readonly root: string; readonly point: string; readonly unified: boolean } | undefined {
  const mounts = mountinfo.split('\n').flatMap((line) => {
    const [left = '', right = ''] = line.split(' - ');
    const [, , , root = '/', point = ''] = left.split(' ');
    const [type = '', , options = ''] = right.split(' ');
    if (type === 'cgroup' && options.split(',').includes(controller))
      return [{ root: root === '/' ? '' : root, point, unified: false }];
    if (type === 'cgroup2') return [{ root: root === '/' ? '' : root, point, unified: true }];
    return [];
  });
  // On a hybrid host, a controller mounted the old way (v1) is missing from the unified tree.
  return mounts.find(({ unified }) => !unified) ?? mounts[0];
}

/** A small file as text; empty if it cannot be read. */
export function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
