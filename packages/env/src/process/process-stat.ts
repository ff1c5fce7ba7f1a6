import { readFileSync, readdirSync } from 'node:fs';

/** The fields of `/proc/PID/stat` that are needed here (proc_pid_stat(5)). */
export interface ProcessStat {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  /** The group in the foreground of its terminal; -1 without one. */
  readonly foreground: number;
  /** `R` running, `S` sleeping, `D` waiting for a disk, `T` stopped, `Z` zombie, `X` dead… */
  readonly state: string;
  /** Clock ticks since boot: together with the pid it identifies a process for ever. */
  readonly startTime: number;
  /** CPU time of all its threads, in clock ticks. */
  readonly cpuTicks: number;
}

/** Reads `/proc/PID/stat`, also of a zombie; `undefined` if no process has this pid, or there is no /proc. */
export function readProcessStat(pid: number): ProcessStat | undefined {
  const stat = lookAt(pid);
  return stat === 'unknown' ? undefined : stat;
}

/** As {@link readProcessStat}; `unknown` where this process may open no file to look. */
export function lookAt(pid: number): ProcessStat | undefined | 'unknown' {
  let line: string;
  try {
    line = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'EMFILE' || code === 'ENFILE' ? 'unknown' : undefined;
  }
  // The name (field 2) may contain spaces and brackets, so the next field starts after the last bracket.
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  return {
    pid,
    state: fields[0] ?? '',
    parent: Number(fields[1]),
    group: Number(fields[2]),
    session: Number(fields[3]),
    foreground: Number(fields[5]),
    startTime: Number(fields[19]),
    cpuTicks: Number(fields[11]) + Number(fields[12]),
  };
}

/** True for a process that has ended: only its exit status is left, which may never be collected. */
export function hasEnded({ state }: ProcessStat): boolean {
  return state === 'Z' || state === 'X';
}

/** All processes that have not ended, by pid; empty without /proc. */
export function listProcesses(): ProcessStat[] {
  return processFolders()
    .flatMap((name) => readProcessStat(Number(name)) ?? [])
    .filter((stat) => !hasEnded(stat));
}

function processFolders(): readonly string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}
