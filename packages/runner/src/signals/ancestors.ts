import { isRunning, type ProcessIdentity } from '../processes/process-identity.js';
import { readProcessStat } from '../processes/process-stat.js';

const POLL_MS = 100;

/**
 * The processes above this one whose death must end it: npx, pnpm, sh, turbo - what stands between the user and us. Killed hard,
 * they pass on no signal.
 *
 * The rule: from our parent upwards, as long as they are in our own process group, without pid 1. A job is a process group:
 * - a shell with a terminal gives each job a group of its own, so the shell is not in it (its end is SIGHUP's matter; `disown`, `nohup … &` work);
 * - wrappers pass their group on, so they are in it; so is a script that runs us, whose death ends its job;
 * - `setsid chaos …` and a service manager give us a group of our own: then nobody is watched;
 * - who started us in the background and was gone when we came up left us to pid 1: then nobody is watched, either.
 */
export function jobAncestors(pid: number = process.pid): ProcessIdentity[] {
  const self = readProcessStat(pid);
  const found: ProcessIdentity[] = [];
  for (let stat = self && readProcessStat(self.parent); stat && stat.pid > 1 && stat.group === self?.group; stat = readProcessStat(stat.parent)) {
    found.push({ pid: stat.pid, startTime: stat.startTime });
  }
  return found;
}

/** Calls `onDeath` once, when the first of {@link jobAncestors} is gone. Keeps no process alive. */
export function watchAncestors(onDeath: (ancestor: ProcessIdentity) => void, { intervalMs = POLL_MS }: { readonly intervalMs?: number } = {}): Disposable {
  const ancestors = jobAncestors();
  const timer = setInterval(() => {
    const dead = ancestors.find((ancestor) => !isRunning(ancestor));
    if (!dead) return;
    clearInterval(timer);
    onDeath(dead);
  }, intervalMs);
  timer.unref();
  if (ancestors.length === 0) clearInterval(timer);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
