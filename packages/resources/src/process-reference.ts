import { processStartTime } from '@chaos/env';
import { checkRange, EnvironmentError } from '@chaos/spec';

/** One process for certain: a pid alone may be used again. */
export interface ProcessReference {
  readonly pid: number;
  readonly startTime: number;
}

/** The process that has this pid now; `EnvironmentError` where there is none, `RangeError` for what is no pid. */
export function processReference(pid: number): ProcessReference {
  checkRange('pid', pid, { least: 1, whole: true });
  const startTime = processStartTime(pid);
  if (startTime === undefined) throw new EnvironmentError(`Cannot signal process ${pid}: there is none`);
  return { pid, startTime };
}
