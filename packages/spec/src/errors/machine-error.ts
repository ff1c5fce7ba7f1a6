import { EnvironmentError, isChaosError } from './errors.js';

// Error codes for exhausted resources, with the fix for the owner of the machine.
const FIXES: Readonly<Record<string, string>> = {
  EAGAIN:
    'This user may not have more processes: raise `ulimit -u` (or the pids limit of the container), ' +
    'or run fewer workers (--workers).',
  EMFILE: 'Too many files are open in this process: raise `ulimit -n`, or run fewer workers (--workers).',
  ENFILE: 'Too many files are open on this machine: raise fs.file-max, or end what holds them.',
  ENOMEM: 'There is no memory left: free some, or run fewer workers (--workers).',
  ENOSPC: 'The disk is full: free some space, or choose other folders (--output, TMPDIR, CHAOS_CACHE_DIR).',
  EDQUOT: 'Your share of the disk is used up: free some space, or choose other folders (--output, TMPDIR).',
  EROFS: 'The disk is read-only: choose other folders (--output, TMPDIR, CHAOS_CACHE_DIR).',
};
const UNREACHABLE: readonly unknown[] = ['ENETUNREACH', 'EADDRNOTAVAIL', 'EHOSTUNREACH', 'ENETDOWN'];
const LOOPBACK_FIX = 'The loopback of this machine is down, and everything here talks over it: ip link set lo up';

interface SystemError {
  readonly code?: unknown;
  readonly syscall?: unknown;
  readonly address?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
}

/**
 * Returns the fix if an error (or its cause) blames the machine: no file descriptors, processes, memory or disk left,
 * no loopback. `undefined` for every other error.
 */
export function machineFix(error: unknown): string | undefined {
  return fixOf(error, 0);
}

/** An `EnvironmentError` with the fix where the machine is at fault, else the error as it is. */
export function asMachineError(error: unknown): unknown {
  if (isChaosError(error)) return error;
  const hint = machineFix(error);
  if (hint === undefined) return error;
  return new EnvironmentError(error instanceof Error ? error.message : String(error), { hint, cause: error });
}

function fixOf(error: unknown, depth: number): string | undefined {
  if (typeof error !== 'object' || error === null || depth > 5) return undefined;
  const { code, syscall, address, cause, errors } = error as SystemError;
  // Of anything but starting a process EAGAIN means "later".
  if (typeof code === 'string' && Object.hasOwn(FIXES, code) && (code !== 'EAGAIN' || isSpawn(syscall)))
    return FIXES[code];
  if (UNREACHABLE.includes(code) && typeof address === 'string' && address.startsWith('127.')) return LOOPBACK_FIX;
  for (const each of [cause, ...(Array.isArray(errors) ? (errors as unknown[]) : [])]) {
    const fix = fixOf(each, depth + 1);
    if (fix !== undefined) return fix;
  }
  return undefined;
}

function isSpawn(syscall: unknown): boolean {
  return typeof syscall === 'string' && /^(?:spawn|fork|uv_thread_create|pthread_create)/.test(syscall);
}
