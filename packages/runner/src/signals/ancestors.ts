import { fstatSync, readFileSync, statSync } from 'node:fs';
import { isRunning, readProcessStat, type ProcessIdentity } from '@chaos/env/process';

const POLL_MS = 100;

/**
 * The ancestors of this process whose death must end it: npx, pnpm, sh, turbo - everything between the user and us.
 * Killed with SIGKILL, they forward no signal.
 *
 * The rule: our parent and its parents, as long as they are in our process group, without pid 1. A job is a process
 * group:
 * - a shell with a terminal gives each job its own group, so the shell is not in it (its end sends SIGHUP; `disown`,
 * `nohup … &` work);
 * - wrappers keep our group, so they are in it; so is a script that runs us, whose death ends its job;
 * - `setsid chaos …` and a service manager give us our own group: then nobody is watched;
 * - a parent that started us in the background and exited before we came up left us to pid 1: then nobody is watched,
 * either.
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
 * True if a wrapper died while we started: the leader of our group is gone, and the chain above us ends outside our
 * session, at init or a subreaper. A script that puts us in the background and exits looks the same, but gives us
 * /dev/null as input; then this counts only if a package manager started the top of the chain, because package managers
 * wait for their children.
 */
export function isCutOff(pid: number = process.pid): boolean {
  const self = readProcessStat(pid);
  if (!self || self.group === pid || readProcessStat(self.group) !== undefined) return false;
  const top = jobAncestors(pid).at(-1)?.pid ?? pid;
  if (readProcessStat(readProcessStat(top)?.parent ?? 1)?.session === self.session) return false;
  return isOfPackageManager(top) || !readsNothing();
}

/** Reads the environment that this process started with; ours has passed through all package managers below it, too. */
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

/**
 * Calls `onDeath` once, with the pid, when the first of {@link jobAncestors} is gone. Does not keep the process alive.
 */
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
