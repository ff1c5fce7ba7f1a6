import { spawnSync } from 'node:child_process';
import { findExecutable } from './find-executable.js';

let prefix: readonly string[] | undefined;

/**
 * argv that makes the program after it get `signal` when the process that started it dies, however it dies.
 * Empty where util-linux's `setpriv` is missing (macOS, BusyBox): then only the journal ends what is left.
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
