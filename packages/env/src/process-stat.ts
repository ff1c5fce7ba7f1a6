import { readText } from './read-text.js';

/** What /proc/PID/stat says of a process. */
export interface ProcessStat {
  readonly state: string;
  readonly parent: number;
  /** Field 22: clock ticks since boot. */
  readonly startTime: number;
}

/** Reads /proc/PID/stat; `undefined` where there is no such process. */
export function processStat(pid: number | string): ProcessStat | undefined {
  const text = readText(`/proc/${pid}/stat`);
  if (text === undefined) return undefined;
  // The name (field 2) may hold spaces and parentheses, so fields are counted from its last parenthesis: state is field
  // 3.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0] ?? '', parent: Number(fields[1]), startTime: Number(fields[19]) };
}
