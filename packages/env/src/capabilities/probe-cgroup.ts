import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Journal } from '@chaos/spec';
import { missing, present, type Capability } from './capability.js';
import { cgroupHierarchies } from '../machine/cgroup-folders.js';

const FIX =
  'Run as root with /sys/fs/cgroup writable, or under a delegated cgroup (systemd-run --user --scope -p Delegate=yes chaos run).';

/**
 * Tries to put a child process under a CPU quota: creates a cgroup below our own, limits it, moves a child in, removes
 * it.
 */
export async function probeCgroup(journal: Journal): Promise<Capability> {
  const candidates = cgroupHierarchies('/').filter((each) => each.version === 2 || each.controllers.includes('cpu'));
  const failures: string[] = [];
  for (const { version, folders } of candidates) {
    const parent = folders[0];
    if (parent === undefined) continue;
    const failure = await tryQuota(join(parent, `chaos-probe-${randomBytes(4).toString('hex')}`), version, journal);
    if (failure === undefined) return present(`tried: a child ran under a CPU quota in ${parent} (cgroup v${version})`);
    failures.push(`${parent}: ${failure}`);
  }
  return missing(failures.join('; ') || 'no cgroup file system with a CPU controller is mounted', FIX);
}

async function tryQuota(folder: string, version: 1 | 2, journal: Journal): Promise<string | undefined> {
  const entry = journal.record({ kind: 'exec', argv: ['rmdir', folder] }, `cgroup ${folder}`);
  const child = spawn('sleep', ['10'], { stdio: 'ignore' });
  const gone = once(child, 'exit');
  try {
    await once(child, 'spawn');
    mkdirSync(folder);
    if (version === 2) writeFileSync(join(folder, 'cpu.max'), '50000 100000');
    else writeFileSync(join(folder, 'cpu.cfs_quota_us'), '50000');
    writeFileSync(join(folder, 'cgroup.procs'), `${child.pid}`);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  } finally {
    child.kill('SIGKILL');
    await gone.catch(() => {});
    if (existsSync(folder)) rmdirSync(folder);
    entry.settle();
  }
}
