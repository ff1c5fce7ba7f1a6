import { existsSync, rmdirSync } from 'node:fs';
import { basename, normalize } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { membersOf, moveInto } from './group-of.js';

const TRIES = 100;
const PAUSE_MS = 20;

/**
 * Moves all processes of a control group back to where they came from, and removes the group. Undo recipes call it,
 * too, so it takes plain data, and touches only groups that faults made.
 */
export async function leaveGroup({ folder, home }: { readonly folder: string; readonly home: string }): Promise<void> {
  for (const path of [folder, home]) {
    if (!path.startsWith('/sys/fs/cgroup/') && path !== '/sys/fs/cgroup')
      throw new TypeError(`Cannot leave a control group: current value is ${path}, it must lie below /sys/fs/cgroup`);
    if (normalize(path) !== path) throw new TypeError(`Cannot leave a control group: ${path} is no plain path`);
  }
  if (!basename(folder).startsWith('chaos-'))
    throw new TypeError(`Cannot leave a control group: ${folder} was not made by a fault`);
  for (let left = TRIES; existsSync(folder); left--) {
    moveInto(home, membersOf(folder));
    try {
      rmdirSync(folder);
    } catch (error) {
      // A process that was just killed stays a member until it has gone.
      if ((error as NodeJS.ErrnoException).code !== 'EBUSY' || left === 0) throw error;
      await delay(PAUSE_MS);
    }
  }
}
