import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

/** A process as `/proc` shows it. */
export interface ProcessSeen {
  readonly pid: number;
  readonly parent: number;
  readonly startTime: number;
  readonly command: string;
  readonly environment: string;
  readonly cwd: string;
}

/** All living processes that this user may inspect; zombies hold nothing and are not counted. */
export function processes(): readonly ProcessSeen[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => look(Number(name)));
}

function look(pid: number): ProcessSeen[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const [state, parent, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (state === 'Z' || state === 'X') return [];
    return [
      {
        pid,
        parent: Number(parent),
        startTime: Number(rest[17]),
        command: read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim(),
        environment: read(`/proc/${pid}/environ`),
        cwd: attempt(() => readlinkSync(`/proc/${pid}/cwd`)) ?? '',
      },
    ];
  } catch {
    return [];
  }
}

function read(path: string): string {
  return attempt(() => readFileSync(path, 'latin1')) ?? '';
}

function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}
