import { setTimeout as wait } from 'node:timers/promises';
import { heldSockets, isExiting, listeningSockets, withDescendants } from '@chaos/env/process';
import type { ErrorCode, Incident } from '@chaos/spec';
import type { ProcessExit, ServiceProcess } from '../../process/spawn-service.js';
import { withLastError } from './last-error.js';
import { howItEnded } from './how-it-ended.js';

const CODE = 'TARGET_EXITED' satisfies ErrorCode;
const LOG_LINES = 30;
/** Time for a program whose sockets are closed to end, or to be started again by its own supervisor. */
const GOING_MS = 2000;
const INTERVAL_MS = 20;
// Node prints it with --unhandled-rejections=warn, and a line of explanation after the first one; by default such a
// rejection ends the process.
const UNHANDLED = /^\(node:\d+\) UnhandledPromiseRejectionWarning: (?!Unhandled promise rejection\. )/;

/** An end of the target that nobody of us caused. */
export interface TargetEnd extends ProcessExit {
  readonly pid: number;
  readonly atMs: number;
  readonly lastOutput: string;
}

/**
 * Notices what the target does that nobody asked for: it ends, it stops listening on its port, or something within it
 * was started again. Each is told once.
 */
export class TargetWatch {
  readonly #port: number;
  readonly #title: string;
  readonly #incidents: Incident[] = [];
  readonly #ends: TargetEnd[] = [];
  #process: ServiceProcess | undefined;
  /** The sockets that it listens with since it was ready. */
  #sockets: ReadonlySet<string> | undefined;
  /** The processes that hold these sockets. */
  #owners: readonly number[] = [];

  /** @param title its name in messages */
  constructor(port: number, title: string) {
    this.#port = port;
    this.#title = title;
  }

  /** The target is ready. */
  begin(process: ServiceProcess): void {
    this.#remember(process, socketsOn(this.#port));
    this.#process = process;
    void process.exited.then((exit) => this.#ended(process, exit));
  }

  /** From now on its end is our doing. */
  release(): void {
    // An end that came before is its own, even if its output is still being read.
    if (this.#process?.alive()) this.#process = undefined;
  }

  /** A line of its output. */
  line(text: string): void {
    if (UNHANDLED.test(text))
      this.#incidents.push({
        code: CODE,
        what: `${this.#title} left a rejected promise unhandled`,
        atMs: Date.now(),
        detail: text,
        hint: 'By default Node.js ends a process for it; this one was told only to warn.',
      });
  }

  /** The oldest end not taken yet. */
  takeEnd(): TargetEnd | undefined {
    return this.#ends.shift();
  }

  /** Ends not told yet of a target that is down since, as people would say it; it asks nobody, and takes nothing. */
  ended(): readonly { readonly what: string; readonly atMs: number }[] {
    if (this.#process !== undefined) return [];
    return this.#ends.map((end) => ({ what: endOf(end, this.#title), atMs: end.atMs }));
  }

  /** Everything not told yet. A target that is going down at the moment is waited for. */
  async takeIncidents(signal: AbortSignal): Promise<readonly Incident[]> {
    await this.#settle(signal);
    return [...this.#incidents.splice(0), ...this.#ends.splice(0).map((end) => incidentOf(end, this.#title))].sort(
      (a, b) => a.atMs - b.atMs,
    );
  }

  #remember(process: ServiceProcess, sockets: ReadonlySet<string> | undefined): void {
    this.#sockets = sockets;
    this.#owners = sockets === undefined ? [] : ownersOf(sockets, process.pid);
  }

  #ended(process: ServiceProcess, exit: ProcessExit): void {
    if (this.#process !== process) return;
    this.#process = undefined;
    this.#ends.push({
      ...exit,
      pid: process.pid,
      atMs: Date.now(),
      lastOutput: withLastError(process.logTail(), LOG_LINES),
    });
  }

  // A caller sees a connection break before the process is gone, and before we hear of its end.
  async #settle(signal: AbortSignal): Promise<void> {
    const process = this.#process;
    if (process === undefined) return;
    if (!process.alive()) await process.exited;
    const before = this.#sockets;
    if (before === undefined || before.size === 0) return;
    const giveUpMs = performance.now() + GOING_MS;
    let now = socketsOn(this.#port);
    const isGoing = (): boolean => now?.size === 0 || (isWithin(before, now) && this.#owners.some(isExiting));
    while (isGoing() && this.#process === process && performance.now() < giveUpMs) {
      await Promise.race([process.exited, wait(INTERVAL_MS, undefined, { signal })]);
      now = socketsOn(this.#port);
    }
    if (this.#process !== process || isWithin(before, now)) return;
    this.#remember(process, now);
    this.#incidents.push(notListening(this.#port, now ?? new Set(), { process, title: this.#title }));
  }
}

/** The inodes of the sockets that listen on a port; `undefined` where the kernel does not tell. */
function socketsOn(port: number): ReadonlySet<string> | undefined {
  const sockets = listeningSockets()?.filter((socket) => socket.port === port);
  return sockets && new Set(sockets.map(({ inode }) => inode));
}

/** The processes among `root` and its descendants that hold one of the sockets. */
function ownersOf(sockets: ReadonlySet<string>, root: number): readonly number[] {
  return withDescendants(({ pid }) => pid === root)
    .map(({ pid }) => pid)
    .filter((pid) => [...heldSockets(pid)].some((inode) => sockets.has(inode)));
}

function isWithin(part: ReadonlySet<string>, whole: ReadonlySet<string> | undefined): boolean {
  return whole === undefined || [...part].every((item) => whole.has(item));
}

function notListening(
  port: number,
  now: ReadonlySet<string>,
  { process, title }: { readonly process: ServiceProcess; readonly title: string },
): Incident {
  return {
    code: CODE,
    what:
      now.size === 0
        ? `${title} stopped listening on port ${port}, though its process ${process.pid} runs`
        : `${title} was started again within its process ${process.pid}: another socket listens on port ${port}`,
    atMs: Date.now(),
    detail: process.logTail(LOG_LINES),
    hint: 'Something within it crashed or gave up: a child process, a supervised program.',
  };
}

function endOf(end: TargetEnd, title: string): string {
  return `${title} exited ${howItEnded(end)}`;
}

function incidentOf(end: TargetEnd, title: string): Incident {
  return {
    code: CODE,
    what: endOf(end, title),
    atMs: end.atMs,
    detail: end.lastOutput,
    hint: 'If the test means it to end: await target.process.expectExit({ code }).',
  };
}
