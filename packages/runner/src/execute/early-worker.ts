import { startChild, type Child } from './child.js';

interface EarlyWorker {
  readonly runId: string;
  readonly child: Child;
  readonly env: NodeJS.ProcessEnv;
}

// Whoever starts it is built into a file of its own, apart from the run that takes it (decision 0011).
const KEY = Symbol.for('@chaos/runner/early-worker');
const place = globalThis as { [KEY]?: EarlyWorker | undefined };

/**
 * Starts the first worker of a run that is about to come, so that it comes up while the command line and the
 * configuration are read. It waits for its orders, and ends with this process.
 */
export function startEarlyWorker(): void {
  // A mark, no secret: loading node:crypto would cost more than starting the process.
  const runId = Math.random().toString(16).slice(2, 12).padEnd(10, '0');
  try {
    const early = (place[KEY] ??= { runId, child: startChild('worker/main', runId), env: { ...process.env } });
    // It keeps nobody waiting who does not want it after all.
    handles(early.child).forEach((handle) => handle.unref?.());
  } catch {
    // The run that needs one says so.
  }
}

/** The id of the run that the early worker is marked with; `undefined` without one. */
export function earlyRunId(): string | undefined {
  return place[KEY]?.runId;
}

/** The early worker, for its run to use: once, and only where it is what a worker that started now would be. */
export function takeEarlyWorker(runId: string): Child | undefined {
  const early = place[KEY];
  if (early?.runId !== runId) return undefined;
  const { child, env } = early;
  // A configuration file or a global set-up may have set variables for the tests.
  if (!child.alive() || !sameVariables(env, process.env)) {
    dropEarlyWorker();
    return undefined;
  }
  place[KEY] = undefined;
  handles(child).forEach((handle) => handle.ref?.());
  return child;
}

/** Ends it where no run has taken it. */
export function dropEarlyWorker(): void {
  place[KEY]?.child.process.kill('SIGKILL');
  place[KEY] = undefined;
}

function handles({ process: child, stdout, stderr }: Child): readonly { ref?(): void; unref?(): void }[] {
  return [child, child.channel ?? {}, stdout, stderr] as { ref?(): void; unref?(): void }[];
}

function sameVariables(before: NodeJS.ProcessEnv, now: NodeJS.ProcessEnv): boolean {
  const names = Object.keys(now);
  return names.length === Object.keys(before).length && names.every((name) => before[name] === now[name]);
}
