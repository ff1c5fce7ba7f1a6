import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cgroupHierarchies } from '@chaos/env';

/** Controllers that faults limit processes with. */
export type Controller = 'cpu' | 'memory';

/** A place for a new control group. */
export interface Place {
  readonly version: 1 | 2;
  /** The folder in which it is to be made. */
  readonly parent: string;
  /** The folder of the group that the process is in now. */
  readonly home: string;
}

/** Places where a group for this process may be made, the nearest first. */
export function placesFor(pid: number, controller: Controller): readonly Place[] {
  return (
    cgroupHierarchies('/', pid)
      .filter(({ version, controllers }) => version === 2 || controllers.includes(controller))
      // Of a hybrid machine the hierarchy that names the controller has it.
      .sort((a, b) => a.version - b.version)
      .flatMap(({ version, folders }): Place[] => {
        const home = folders[0];
        if (home === undefined) return [];
        // A group of v2 that has processes cannot limit groups within it: its parent has to, if we may write there.
        return folders.map((parent) => ({ version, parent, home }));
      })
  );
}

/** Makes a group with a controller and writes its limits; leaves nothing behind where that fails. */
export function makeGroup(
  folder: string,
  { version, parent }: Place,
  controller: Controller,
  limits: Readonly<Record<string, string>>,
): void {
  mkdirSync(folder);
  try {
    const first = Object.keys(limits)[0] as string;
    if (version === 2 && !existsSync(join(folder, first)))
      writeFileSync(join(parent, 'cgroup.subtree_control'), `+${controller}`);
    for (const [file, value] of Object.entries(limits)) writeFileSync(join(folder, file), value);
  } catch (error) {
    rmdirSync(folder);
    throw error;
  }
}

/** Moves processes into a group; those that have ended meanwhile are left out. */
export function moveInto(folder: string, pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      writeFileSync(join(folder, 'cgroup.procs'), `${pid}`);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

/** Processes of a group. */
export function membersOf(folder: string): readonly number[] {
  return readFileSync(join(folder, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number);
}
