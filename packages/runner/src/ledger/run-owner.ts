import { readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { readPrivateFile } from '@chaos/env/private';
import { currentProcess, type ProcessIdentity } from '@chaos/env/process';

/** The process that owns a run, as written in the run's folder. */
export interface RunOwner extends ProcessIdentity {
  readonly runId: string;
  readonly argv: readonly string[];
  /** Absolute. */
  readonly dataDirectory: string;
  /** A folder for temporary files may be shared between containers, and pids mean nothing outside their namespace. */
  readonly pidNamespace: string;
}

/** Pid namespace of this process. */
export function pidNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return 'unknown';
  }
}

/** Owner record for a run of this process. */
export function ownedByThisProcess(run: Pick<RunOwner, 'runId' | 'argv' | 'dataDirectory'>): RunOwner {
  return { ...currentProcess(), ...run, pidNamespace: pidNamespace() };
}

/** Owner of the run in this folder; `undefined` if the folder is gone or damaged, or its file is not ours. */
export function readOwner(runPath: string): RunOwner | undefined {
  try {
    const owner = JSON.parse(readPrivateFile(join(runPath, 'owner.json'))) as Partial<RunOwner>;
    const whole =
      typeof owner.pid === 'number' &&
      typeof owner.startTime === 'number' &&
      typeof owner.runId === 'string' &&
      typeof owner.dataDirectory === 'string';
    return whole ? ({ argv: [], pidNamespace: 'unknown', ...owner } as RunOwner) : undefined;
  } catch {
    return undefined;
  }
}
