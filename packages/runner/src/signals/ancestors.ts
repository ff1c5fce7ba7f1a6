import { fstatSync, readFileSync, statSync } from 'node:fs';
import { isRunning, readProcessStat, type ProcessIdentity } from '@chaos/env/process';

const POLL_MS = 100;

/**
 * The processes above this one whose death must end it: npx, pnpm, sh, turbo - what stands between the user and us.
 * Killed hard, they pass on no signal.
 *
 * The rule: from our parent upwards, as long as they are in our own process group, without pid 1. A job is a process
 * group:
 * - a shell with a terminal gives each job a group of its own, so the shell is not in it (its end is SIGHUP's matter;
 *   `disown`, `nohup … &` work);
 * - wrappers pass their group on, so they are in it; so is a script that runs us, whose death ends its job;
 * - `setsid chaos …` and a service manager give us a group of our own: then nobody is watched;
 * - who started us in the background and was gone when we came up left us to pid 1: then nobody is watched, either.
 */
export function jobAncestors(pid: number = process.pid): ProcessIdentity[] {
  const self = readProcessStat(pid);
  const found: ProcessIdentity[] = [];
  for (
    let stat = self && readProcessStat(self.parent);
    stat && stat.pid > 1 && stat.group === self?.group;
    stat = readProcessStat(stat.parent)
  ) {
    found.push({ pid: stat.pid, startTime: stat.startTime });
  }
  return found;
}

/**
 * True where a wrapper died while we came up: the leader of our group is gone, and the chain above us ends outside of
 * our session, with init or who adopts orphans in its place. A script that puts us in the background and ends leaves
 * the same picture, but gives us /dev/null to read; then it is believed only where the top of the chain was started by
 * a package manager, which waits for what it starts.
 */
export function isCutOff(pid: number = process.pid): boolean {
  const self = readProcessStat(pid);
  if (!self || self.group === pid || readProcessStat(self.group) !== undefined) return false;
  const top = jobAncestors(pid).at(-1)?.pid ?? pid;
  if (readProcessStat(readProcessStat(top)?.parent ?? 1)?.session === self.session) return false;
  return isOfPackageManager(top) || !readsNothing();
}

/** By the environment that it was started with: not ours, which has come through all package managers below it, too. */
function isOfPackageManager(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1')
      .split('\0')
      .some((entry) => entry.startsWith('npm_lifecycle_event='));
  } catch {
    return false;
  }
}

function readsNothing(): boolean {
  try {
    return fstatSync(0).rdev === statSync('/dev/null').rdev;
  } catch {
    return true;
  }
}

/** Calls `onDeath` once, when the first of {@link jobAncestors} is gone, with its pid. Keeps no process alive. */
export function watchAncestors(
  onDeath: (pid: number) => void,
  { intervalMs = POLL_MS }: { readonly intervalMs?: number } = {},
): Disposable {
  const ancestors = jobAncestors();
  const cutOff = isCutOff();
  const timer = setInterval(check, intervalMs);
  timer.unref();
  function check(): void {
    const dead = ancestors.find((ancestor) => !isRunning(ancestor));
    if (!dead && !cutOff) return;
    clearInterval(timer);
    onDeath(dead?.pid ?? readProcessStat(process.pid)?.group ?? 0);
  }
  if (ancestors.length === 0 && !cutOff) clearInterval(timer);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
