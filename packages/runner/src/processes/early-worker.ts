import { startChild, type Child } from './child.js';

interface EarlyWorker {
  readonly runId: string;
  readonly child: Child;
  readonly env: NodeJS.ProcessEnv;
}

// Stored on `globalThis`, because the code that starts the worker is bundled separately from the run that takes it
// (decision 0011).
const KEY = Symbol.for('@chaos/runner/early-worker');
const place = globalThis as { [KEY]?: EarlyWorker | undefined };

/**
 * Starts the first worker of a run early, so that it comes up while the command line and the configuration are read. It
 * waits for orders, and ends with this process. Call it where this user may start enough threads for both.
 */
export function startEarlyWorker(): void {
  // A mark and not a secret: loading node:crypto would take longer than starting the process.
  const runId = Math.random().toString(16).slice(2, 12).padEnd(10, '0');
  try {
    const early = (place[KEY] ??= { runId, child: startChild('worker/main', runId), env: { ...process.env } });
    // An unused early worker must not keep this process alive.
    handles(early.child).forEach((handle) => handle.unref?.());
  } catch {
    // Ignore the error: the run that needs a worker reports it.
  }
}

/** The run id in the early worker's mark; `undefined` without an early worker. */
export function earlyRunId(): string | undefined {
  return place[KEY]?.runId;
}

/** Hands the early worker to its run: once, and only if a worker started now would be equal. */
export function takeEarlyWorker(runId: string): Child | undefined {
  const early = place[KEY];
  if (early?.runId !== runId) return undefined;
  const { child, env } = early;
  // A configuration file or a global set-up may have set environment variables for the tests.
  if (!child.alive() || !sameVariables(env, process.env)) {
    dropEarlyWorker();
    return undefined;
  }
  place[KEY] = undefined;
  handles(child).forEach((handle) => handle.ref?.());
  return child;
}

/** Ends the early worker if no run has taken it. */
export function dropEarlyWorker(): void {
  place[KEY]?.child.process.kill('SIGKILL');
  place[KEY] = undefined;
}

function handles({ process: child }: Child): readonly { ref?(): void; unref?(): void }[] {
  return [child, child.channel, child.stdout, child.stderr].map((handle) => handle ?? {});
}

function sameVariables(before: NodeJS.ProcessEnv, now: NodeJS.ProcessEnv): boolean {
  const names = Object.keys(now);
  return names.length === Object.keys(before).length && names.every((name) => before[name] === now[name]);
}
