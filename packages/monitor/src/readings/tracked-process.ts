import { readdirSync, readlinkSync, statSync } from 'node:fs';
import { kernelUnits } from './kernel-units.js';
import { numberAt, ProcFile, readOnce } from './proc-file.js';
import { parseProcessStat, type ProcessStat } from './process-stat.js';

// Since Linux 6.2 the size of this folder is the number of descriptors; before that it is 0.
const folderTellsCount: boolean = statSync('/proc/self/fd', { throwIfNoEntry: false })?.size !== 0;

const end = { at: 0 };
const stat: ProcessStat = { parent: 0, own: 0, waited: 0, residentPages: 0 };

/** One process of a watched tree. */
export class TrackedProcess {
  readonly pid: number;
  readonly parent: number;
  scope: number;
  own: number;
  waited: number;
  ownBefore: number;
  waitedBefore: number;
  /** CPU ticks of dead children that were counted while they lived and will appear again in `waited`. */
  owed = 0;
  /** Time that its main thread was ready to run and waited for a CPU, since its start; ms. */
  queuedMs: number | undefined;
  queuedBeforeMs = 0;
  residentBytes: number;
  sharedBytes = 0;
  descriptors: number | undefined;
  sockets: number | undefined;
  #ownAtSockets = 0;
  readonly #file: ProcFile;
  /** Absent in a kernel without `CONFIG_SCHED_INFO`. */
  readonly #schedule: ProcFile | undefined;

  /** Throws when the process is gone. */
  constructor(pid: number, scope: number) {
    this.pid = pid;
    this.scope = scope;
    this.#file = new ProcFile(`/proc/${pid}/stat`);
    try {
      parseProcessStat(this.#file.read(1024), stat);
    } catch (error) {
      this.#file.close();
      throw error;
    }
    this.parent = stat.parent;
    this.own = this.ownBefore = stat.own;
    this.waited = this.waitedBefore = stat.waited;
    this.residentBytes = stat.residentPages * kernelUnits.pageBytes;
    this.#schedule = openIfThere(`/proc/${pid}/schedstat`);
    this.queuedMs = this.#readQueued();
    this.queuedBeforeMs = this.queuedMs ?? 0;
    this.readSlow();
    this.readSockets();
  }

  /** Reads times and memory again; false when the process is gone. */
  read(): boolean {
    this.ownBefore = this.own;
    this.waitedBefore = this.waited;
    try {
      parseProcessStat(this.#file.read(1024), stat);
    } catch {
      return false;
    }
    this.own = stat.own;
    this.waited = stat.waited;
    this.residentBytes = stat.residentPages * kernelUnits.pageBytes;
    this.queuedBeforeMs = this.queuedMs ?? 0;
    this.queuedMs = this.#readQueued() ?? this.queuedMs;
    return true;
  }

  // The second number: nanoseconds on a run queue. The first one is the time on a CPU.
  #readQueued(): number | undefined {
    try {
      const length = this.#schedule?.read(128) ?? 0;
      if (length === 0) return undefined;
      numberAt(0, length, end);
      return numberAt(end.at, length) / 1e6;
    } catch {
      return undefined;
    }
  }

  /**
   * Number of descriptors, and memory shared with other processes (such as PostgreSQL's buffers): another call each,
   * and slow to change.
   */
  readSlow(): void {
    if (folderTellsCount)
      this.descriptors = statSync(`/proc/${this.pid}/fd`, { throwIfNoEntry: false })?.size ?? this.descriptors;
    const length = readOnce(`/proc/${this.pid}/statm`);
    if (length <= 0) return;
    numberAt(0, length, end);
    numberAt(end.at, length, end);
    this.sharedBytes = numberAt(end.at, length) * kernelUnits.pageBytes;
  }

  /** True if the process has run since its sockets were last counted. */
  get hasRun(): boolean {
    return this.own !== this.#ownAtSockets;
  }

  /**
   * Inspects each descriptor: by far the most expensive reading. Descriptors of another user's process stay unknown.
   */
  readSockets(): void {
    this.#ownAtSockets = this.own;
    const folder = `/proc/${this.pid}/fd`;
    try {
      const names = readdirSync(folder);
      this.descriptors = names.length;
      this.sockets = names.reduce((count, name) => count + (isSocket(`${folder}/${name}`) ? 1 : 0), 0);
    } catch {
      // Not readable for us, or gone.
    }
  }

  close(): void {
    this.#file.close();
    this.#schedule?.close();
  }
}

function openIfThere(path: string): ProcFile | undefined {
  try {
    return new ProcFile(path);
  } catch {
    return undefined;
  }
}

function isSocket(path: string): boolean {
  try {
    return readlinkSync(path).startsWith('socket:');
  } catch {
    return false;
  }
}

/** The parent of a process; 0 when it is gone. */
export function parentOf(pid: number): number {
  const length = readOnce(`/proc/${pid}/stat`);
  if (length <= 0) return 0;
  parseProcessStat(length, stat);
  return stat.parent;
}
