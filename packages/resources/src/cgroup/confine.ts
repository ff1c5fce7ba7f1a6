import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { descendantsOf } from '@chaos/env/process';
import { CapabilityMissing, type Journal } from '@chaos/spec';
import { packageFile } from '../package-file.js';
import { processToSignal } from '../process-to-signal.js';
import { makeGroup, membersOf, moveInto, placesFor, type Controller } from './group-of.js';
import { leaveGroup } from './leave-group.js';

const HINT =
  'Run as root with /sys/fs/cgroup writable, or under a delegated cgroup ' +
  '(systemd-run --user --scope -p Delegate=yes chaos run).';

/** Limits as both versions of control groups know them: file names and their contents. */
export interface GroupLimits {
  readonly controller: Controller;
  readonly v1: Readonly<Record<string, string>>;
  readonly v2: Readonly<Record<string, string>>;
}

/** Processes in a group of their own. */
export interface Confined {
  readonly folder: string;
  readonly version: 1 | 2;
  /** Moves the processes back and removes the group. */
  leave(): Promise<void>;
}

/**
 * Puts a process and its descendants into a new control group, whose removal is journalled first.
 * @throws CapabilityMissing with what was tried where no group can be made here.
 */
export async function confine(pid: number, limits: GroupLimits, journal: Journal): Promise<Confined> {
  processToSignal(pid);
  const failures: string[] = [];
  for (const place of placesFor(pid, limits.controller)) {
    const { version, parent, home } = place;
    const folder = join(parent, `chaos-${limits.controller}-${randomBytes(4).toString('hex')}`);
    const data = { folder, home };
    const entry = journal.record(
      { kind: 'call', module: pathToFileURL(packageFile('cgroup/leave-group.js')).href, export: 'leaveGroup', data },
      `control group ${folder}`,
    );
    try {
      makeGroup(folder, place, limits.controller, version === 2 ? limits.v2 : limits.v1);
      // A process may start another while it is being moved.
      const members = (): number[] => [pid, ...descendantsOf(pid).map((each) => each.pid)];
      for (let left = 3; members().some((each) => !membersOf(folder).includes(each)) && left > 0; left--)
        moveInto(folder, members());
    } catch (error) {
      failures.push(`${parent}: ${(error as Error).message}`);
      await leaveGroup(data);
      entry.settle();
      continue;
    }
    return {
      folder,
      version,
      async leave() {
        await leaveGroup(data);
        entry.settle();
      },
    };
  }
  const why = failures.join('; ') || `no hierarchy with the controller ${limits.controller} is mounted`;
  throw new CapabilityMissing('cgroup', `no control group can be made (${why})`, { hint: HINT });
}
