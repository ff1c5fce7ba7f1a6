import { join, posix } from 'node:path';
import { readText } from '../read-text.js';

/** One cgroup hierarchy that this process is in. */
export interface CgroupHierarchy {
  readonly version: 1 | 2;
  /** v1 only: `cpu`, `cpuset`, `memory`… In v2 the files show which controllers are active. */
  readonly controllers: readonly string[];
  /** Folders with limits that apply, from the process's own group to the topmost visible one. */
  readonly folders: readonly string[];
}

/**
 * Every cgroup hierarchy of a process (default: this one), v1 and v2 alike (a hybrid machine has both).
 * A limit anywhere between the own group and the top counts, so all levels are given.
 */
export function cgroupHierarchies(root: string, pid: number | 'self' = 'self'): readonly CgroupHierarchy[] {
  const groups = membership(readText(join(root, `proc/${pid}/cgroup`)) ?? '');
  return mounts(readText(join(root, 'proc/self/mountinfo')) ?? '').flatMap((mount): readonly CgroupHierarchy[] => {
    const path =
      mount.version === 2
        ? groups.get('')
        : mount.controllers.map((name) => groups.get(name)).find((found) => found !== undefined);
    if (path === undefined) return [];
    return [
      {
        version: mount.version,
        controllers: mount.controllers,
        folders: upwards(join(root, mount.point), mount.root, path),
      },
    ];
  });
}

// Lines are `id:controllers:path`; the line of v2 names no controllers.
function membership(text: string): ReadonlyMap<string, string> {
  const groups = new Map<string, string>();
  for (const line of text.split('\n')) {
    const match = /^\d+:([^:]*):(\/.*)$/.exec(line);
    for (const controller of match?.[1]?.split(',') ?? []) groups.set(controller, match?.[2] ?? '/');
  }
  return groups;
}

interface CgroupMount {
  readonly version: 1 | 2;
  readonly controllers: readonly string[];
  readonly root: string;
  readonly point: string;
}

// Fields of proc(5) mountinfo: id, parent, device, root, mount point, options, optional fields, `-`, type, source,
// super options.
function mounts(text: string): readonly CgroupMount[] {
  return text.split('\n').flatMap((line): readonly CgroupMount[] => {
    const [left = '', right] = line.split(' - ');
    const [type, , options = ''] = right?.split(' ') ?? [];
    const [, , , root, point] = left.split(' ').map(unescapeOctal);
    if ((type !== 'cgroup' && type !== 'cgroup2') || root === undefined || point === undefined) return [];
    return [
      { version: type === 'cgroup2' ? 2 : 1, controllers: type === 'cgroup2' ? [] : options.split(','), root, point },
    ];
  });
}

function unescapeOctal(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 8)));
}

// A mount may show only a part of the hierarchy (in a container). Look the group up below the mounted root; if it lies
// outside, that root is the nearest folder we can read.
function upwards(point: string, mountRoot: string, path: string): readonly string[] {
  const below = posix.relative(mountRoot, path);
  const parts = below === '' || below.startsWith('..') ? [] : below.split('/');
  return Array.from({ length: parts.length + 1 }, (_, index) => join(point, ...parts.slice(0, parts.length - index)));
}
