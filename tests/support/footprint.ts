import { existsSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Project } from './project.ts';
import { processes, type ProcessSeen } from './processes.ts';

const PORT_LOCKS = '/tmp/chaos-ports';
const SHARED_MEMORY = /(?<inode>\d+)\s+(?<path>\/dev\/shm\/\S+|\/SYSV\S+)/;

/**
 * Resources of this machine that a project's runs hold: processes (found by the mark in their environment, by folder,
 * by descent), listening sockets, shared memory, port locks, folders. Looks taken during a run let us recognize its
 * resources after its death.
 */
export class Footprint {
  readonly #project: Project;
  readonly #known = new Map<string, ProcessSeen>();
  readonly #sockets = new Set<string>();
  readonly #memory = new Set<string>();

  constructor(project: Project) {
    this.#project = project;
  }

  /** The living processes of the runs; each look remembers them. */
  look(): readonly ProcessSeen[] {
    const all = processes();
    const ours = new Map<number, ProcessSeen>();
    for (let grown = true; grown;) {
      grown = false;
      for (const seen of all) {
        if (ours.has(seen.pid) || !(this.#isMarked(seen) || this.#known.has(keyOf(seen)) || ours.has(seen.parent)))
          continue;
        ours.set(seen.pid, seen);
        grown = true;
      }
    }
    for (const seen of ours.values()) this.#remember(seen);
    return [...ours.values()];
  }

  /** The only living process whose command line matches; `undefined` if there is none. */
  find(command: RegExp): ProcessSeen | undefined {
    return this.look().find((seen) => command.test(seen.command));
  }

  /** Lists resources that still exist, for people; empty if the runs left nothing. */
  left(): readonly string[] {
    const living = this.look();
    const running = living.map(({ pid, command }) => `process ${pid} ${command.slice(0, 120)}`);
    // A slot with its own network namespace has its own tables.
    const tables = ['self', ...living.map(({ pid }) => pid)].flatMap((pid) => [
      `/proc/${pid}/net/tcp`,
      `/proc/${pid}/net/tcp6`,
    ]);
    const listening = new Set(
      tables.flatMap((table) =>
        lines(table)
          .slice(1)
          .map((line) => line.trim().split(/\s+/))
          .filter((fields) => fields[3] === '0A')
          .map((fields) => fields[9]),
      ),
    );
    const sockets = [...this.#sockets]
      .filter((inode) => listening.has(inode))
      .map((inode) => `listening socket ${inode}`);
    const segments = new Set(
      lines('/proc/sysvipc/shm')
        .slice(1)
        .map((line) => line.trim().split(/\s+/)[1]),
    );
    const memory = [...this.#memory]
      .filter((name) => (name.startsWith('/') ? existsSync(name) : segments.has(name)))
      .map((name) => `shared memory ${name}`);
    const pids = new Set([...this.#known.values()].map(({ pid }) => pid));
    const locks = list(PORT_LOCKS)
      .filter((name) => pids.has(lockHolder(join(PORT_LOCKS, name))))
      .map((name) => `port lock ${name}`);
    const { tmp } = this.#project;
    // Caches stay: compiled files, and the folder that contains the state of runs.
    const folders = list(tmp).flatMap((name) => {
      if (/^chaos-\d+$/.test(name)) return ['runs', 'locks'].flatMap((folder) => list(join(tmp, name, folder)));
      return /^chaos-transform-|^node-compile-cache$/.test(name) ? [] : [name];
    });
    return [
      ...running,
      ...sockets,
      ...memory,
      ...locks,
      ...folders.map((name) => `in the folder for temporary files: ${name}`),
    ];
  }

  #isMarked({ environment, cwd }: ProcessSeen): boolean {
    return environment.includes(`TMPDIR=${this.#project.tmp}\0`) || cwd.startsWith(`${this.#project.tmp}/`);
  }

  #remember(seen: ProcessSeen): void {
    this.#known.set(keyOf(seen), seen);
    for (const fd of list(`/proc/${seen.pid}/fd`)) {
      const inode = /^socket:\[(\d+)\]$/.exec(link(`/proc/${seen.pid}/fd/${fd}`))?.[1];
      if (inode !== undefined) this.#sockets.add(inode);
    }
    for (const line of lines(`/proc/${seen.pid}/maps`)) {
      const { inode, path } = SHARED_MEMORY.exec(line)?.groups ?? {};
      if (inode !== undefined && path !== undefined) this.#memory.add(path.startsWith('/SYSV') ? inode : path);
    }
  }
}

function keyOf({ pid, startTime }: ProcessSeen): string {
  return `${pid} ${startTime}`;
}

function lines(path: string): readonly string[] {
  try {
    return readFileSync(path, 'latin1').split('\n').filter(Boolean);
  } catch {
    return [];
  }
}

function list(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function link(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

function lockHolder(path: string): number {
  return Number(/"pid":(\d+)/.exec(lines(path).join(''))?.[1] ?? -1);
}
