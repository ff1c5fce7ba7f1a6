import { readdirSync } from 'node:fs';
import { parentOf, TrackedProcess } from './tracked-process.js';

/** Total use of the processes in one scope. */
export interface TreeFigures {
  cpuTicks: number;
  memoryBytes: number;
  descriptors: number | undefined;
  sockets: number | undefined;
  processes: number;
  /**
   * Time that the main threads waited for a CPU since the last call, ms; `undefined` where the kernel does not count
   * it.
   */
  queuedMs: number | undefined;
}

// Interval in ticks. Processes take turns, to spread the work; a process that has hardly run has hardly opened a
// socket.
const SLOW_EVERY = 4;
const SOCKETS_EVERY = 8;
const IDLE_SOCKETS_EVERY = 64;
// Share of one CPU that the search for new processes may use: on a host with thousands of processes it runs less often.
const DISCOVERY_SHARE = 0.002;

/** Processes of the watched trees. A process belongs to its nearest watched ancestor, even after that one has died. */
export class ProcessTrees {
  readonly #roots = new Map<number, number>();
  readonly #members = new Map<number, TrackedProcess>();
  #strangers: ReadonlySet<number> = new Set();
  #changed = true;
  #tick = 0;
  #nextDiscoveryMs = 0;

  watch(scope: number, pid: number): void {
    this.unwatch(scope);
    this.#roots.set(pid, scope);
    this.#changed = true;
  }

  unwatch(scope: number): void {
    for (const [pid, known] of this.#roots) if (known === scope) this.#roots.delete(pid);
    this.#changed = true;
  }

  /** Reads all processes once; returns figures by scope. CPU ticks count from the last call. */
  read(): ReadonlyMap<number, TreeFigures> {
    this.#tick += 1;
    const born = this.#discover();
    const figures = new Map<number, TreeFigures>();
    const shared = new Map<number, number>();
    const waited = new Map<number, number>();
    for (const scope of this.#roots.values())
      figures.set(scope, {
        cpuTicks: 0,
        memoryBytes: 0,
        descriptors: undefined,
        sockets: undefined,
        processes: 0,
        queuedMs: undefined,
      });
    this.#readMembers(born);
    for (const process of this.#members.values()) {
      const sum = figures.get(process.scope);
      if (sum === undefined) continue;
      const wait = process.waited - process.waitedBefore;
      const repeated = Math.min(process.owed, wait);
      process.owed -= repeated;
      waited.set(process.scope, (waited.get(process.scope) ?? 0) + wait - repeated);
      sum.cpuTicks += process.own - process.ownBefore;
      sum.memoryBytes += Math.max(0, process.residentBytes - process.sharedBytes);
      shared.set(process.scope, Math.max(shared.get(process.scope) ?? 0, process.sharedBytes));
      if (process.descriptors !== undefined) sum.descriptors = (sum.descriptors ?? 0) + process.descriptors;
      if (process.sockets !== undefined) sum.sockets = (sum.sockets ?? 0) + process.sockets;
      if (process.queuedMs !== undefined)
        sum.queuedMs = (sum.queuedMs ?? 0) + process.queuedMs - process.queuedBeforeMs;
      sum.processes += 1;
    }
    for (const [scope, sum] of figures) {
      sum.cpuTicks += waited.get(scope) ?? 0;
      sum.memoryBytes += shared.get(scope) ?? 0;
    }
    return figures;
  }

  #readMembers(born: ReadonlySet<TrackedProcess>): void {
    const dead: TrackedProcess[] = [];
    for (const process of this.#members.values()) {
      if (born.has(process)) continue;
      const turn = this.#tick + process.pid;
      if (!process.read()) dead.push(process);
      else if (turn % (process.hasRun ? SOCKETS_EVERY : IDLE_SOCKETS_EVERY) === 0) process.readSockets();
      else if (turn % SLOW_EVERY === 0) process.readSlow();
    }
    for (const process of dead) {
      process.close();
      this.#members.delete(process.pid);
      const parent = this.#members.get(process.parent);
      if (parent !== undefined) parent.owed += process.ownBefore + process.waitedBefore;
    }
  }

  // Adds new processes. One born while its tree was watched counts with all the time it has used.
  #discover(): ReadonlySet<TrackedProcess> {
    const born = new Set<TrackedProcess>();
    const startMs = performance.now();
    if (!this.#changed && startMs < this.#nextDiscoveryMs) return born;
    const settled = !this.#changed;
    if (this.#changed) this.#reassign();
    const pids = readdirSync('/proc').flatMap((name) => (name.charCodeAt(0) <= 57 ? [Number(name)] : []));
    const parents = new Map<number, number>();
    for (const pid of pids)
      if (!this.#members.has(pid) && !(settled && this.#strangers.has(pid))) parents.set(pid, parentOf(pid));
    let found = true;
    while (found) {
      found = false;
      for (const [pid, parent] of parents) {
        const scope = this.#roots.get(pid) ?? this.#members.get(parent)?.scope;
        if (scope === undefined) continue;
        parents.delete(pid);
        found = true;
        const process = this.#track(pid, scope);
        if (process === undefined) continue;
        born.add(process);
        if (settled) process.ownBefore = process.waitedBefore = process.queuedBeforeMs = 0;
      }
    }
    this.#strangers = new Set(pids.filter((pid) => !this.#members.has(pid)));
    this.#changed = false;
    const endMs = performance.now();
    this.#nextDiscoveryMs = endMs + (endMs - startMs) / DISCOVERY_SHARE;
    return born;
  }

  #track(pid: number, scope: number): TrackedProcess | undefined {
    try {
      const process = new TrackedProcess(pid, scope);
      this.#members.set(pid, process);
      return process;
    } catch {
      return undefined;
    }
  }

  // Reassigns processes after scopes were added or removed: each goes to its nearest watched ancestor, or is no longer
  // watched if it has none.
  #reassign(): void {
    const watched = new Set(this.#roots.values());
    // Reused pids may form a cycle of parents; no real tree is this deep.
    const scopeOf = (process: TrackedProcess, depth = 0): number | undefined => {
      const root = this.#roots.get(process.pid);
      if (root !== undefined) return root;
      const parent = this.#members.get(process.parent);
      return parent === undefined || depth > 64
        ? watched.has(process.scope)
          ? process.scope
          : undefined
        : scopeOf(parent, depth + 1);
    };
    const scopes = [...this.#members.values()].map((process) => ({ process, scope: scopeOf(process) }));
    for (const { process, scope } of scopes) {
      if (scope !== undefined) process.scope = scope;
      else {
        process.close();
        this.#members.delete(process.pid);
      }
    }
  }
}
