import { spawnSync } from 'node:child_process';
import { findExecutable } from './find-executable.js';

let prefix: readonly string[] | undefined;

/**
 * Command prefix that makes a program get `signal` when the process that started it dies in any way. Empty without
 * util-linux's `setpriv` (macOS, BusyBox): then only the journal ends leftover processes.
 */
export function withDeathSignal(signal: NodeJS.Signals, argv: readonly string[]): readonly string[] {
  prefix ??= probe();
  return prefix.length === 0 ? argv : [...prefix, signal.replace('SIG', ''), '--', ...argv];
}

function probe(): readonly string[] {
  const setpriv = findExecutable('setpriv');
  if (setpriv === undefined) return [];
  // BusyBox has a setpriv that does not know this option.
  return spawnSync(setpriv, ['--pdeathsig', 'KILL', '--', 'true'], { stdio: 'ignore', cwd: '/' }).status === 0
    ? [setpriv, '--pdeathsig']
    : [];
}
