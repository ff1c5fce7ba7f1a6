import { EnvironmentError } from '@chaos/spec';
import { readText } from '../../read-text.js';
import { threadsOfOthers } from './threads-of-others.js';

/** The kernel counts threads. Node needs eleven in each process, and a run has two of these and a shell. */
const NEEDED = 24;
/** Counting those of others takes milliseconds, and no machine in order has such a low limit. */
const LOW = 1024;

/** Where to look, for tests. */
export interface ProcessLimitSource {
  /** The text of `/proc/self/limits`. */
  readonly limits?: string;
  /** Threads of this user in processes that are not of this run. */
  readonly used?: number;
  readonly uid?: number;
}

/**
 * Makes sure that this user may start enough processes for a run: node aborts, or hangs, where it gets no thread.
 *
 * @returns the limit; `undefined` where there is none for this user, or it cannot be told (no /proc)
 * @throws EnvironmentError where it is too low
 */
export function assertProcesses({
  limits = readText('/proc/self/limits') ?? '',
  used,
  uid = process.getuid?.() ?? 0,
}: ProcessLimitSource = {}): number | undefined {
  const soft = /^Max processes\s+(\d+)/m.exec(limits)?.[1];
  // The superuser has no such limit.
  if (soft === undefined || uid === 0) return undefined;
  const limit = Number(soft);
  if (limit > LOW) return limit;
  const others = used ?? threadsOfOthers(uid);
  if (limit - others < NEEDED)
    throw new EnvironmentError(
      `Cannot run: this user may have ${limit} processes and threads here, others hold ${others}, and a run needs ${NEEDED} at least`,
      {
        hint: 'Raise the limit: ulimit -u 4096, LimitNPROC= of the service, or docker run --ulimit nproc=4096.',
        data: { limit, others, needed: NEEDED },
      },
    );
  return limit;
}
