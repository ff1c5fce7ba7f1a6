import { readFileSync, readdirSync } from 'node:fs';

/** One line of `/proc/PID/stat`, as far as it is needed here (proc_pid_stat(5)). */
export interface ProcessStat {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  /** The group in the foreground of its terminal; -1 without one. */
  readonly foreground: number;
  /** `R`, `S`, `T`, `Z`… */
  readonly state: string;
  /** Clock ticks since boot: together with the pid it names a process for ever. */
  readonly startTime: number;
}

/** The kernel's word on a process, a zombie included; `undefined` when there is none with this pid. */
export function readProcessStat(pid: number): ProcessStat | undefined {
  let line: string;
  try {
    line = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return undefined;
  }
  // The name (field 2) may hold blanks and brackets: what follows starts after the last bracket.
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  return {
    pid,
    state: fields[0] ?? '',
    parent: Number(fields[1]),
    group: Number(fields[2]),
    session: Number(fields[3]),
    foreground: Number(fields[5]),
    startTime: Number(fields[19]),
  };
}

/** All processes that are running now; zombies are not. */
export function listProcesses(): ProcessStat[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readProcessStat(Number(name)) ?? [])
    .filter(({ state }) => state !== 'Z' && state !== 'X');
}
