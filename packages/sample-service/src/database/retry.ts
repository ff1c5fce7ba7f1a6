import { setTimeout as delay } from 'node:timers/promises';
import type { Budget } from '../budget.js';
import { ServiceError } from '../service-error.js';
import { kindOf, toServiceError } from './database-error.js';

/** Reason why a transaction was retried. */
export type RetryReason = 'serialization' | 'deadlock' | 'lost' | 'unknownCommit';

/** Retries transactions that are safe to retry, because they include an idempotency key. */
export interface Retry {
  run<T>(budget: Budget, attempt: () => Promise<T>): Promise<T>;
  counts(): Readonly<Record<RetryReason, number>>;
}

/** Options of {@link createRetry}; times in milliseconds. */
export interface RetryOptions {
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
  /** The part of a pause of this length that is waited. Default: any. */
  readonly jitter?: (pauseMs: number) => number;
  /** Time, ms, during which a broken connection leads to another attempt. */
  readonly connectionPatienceMs: number;
  readonly reasons: readonly RetryReason[];
}

/** Retry settings of the healthy service. */
export const retryDefaults = {
  firstPauseMs: 4,
  longestPauseMs: 120,
  reasons: ['serialization', 'deadlock', 'lost', 'unknownCommit'],
} as const;

/**
 * Pauses double and are jittered over their whole length, so that colliding requests do not meet again. Conflicts are
 * retried while the budget allows another attempt, lost connections for a shorter time. Once unknown, an outcome stays
 * unknown until an attempt succeeds or gets a definite answer: a later failure says nothing about the first attempt.
 */
export function createRetry(options: RetryOptions): Retry {
  const counts = { serialization: 0, deadlock: 0, lost: 0, unknownCommit: 0 };
  const { jitter = (pauseMs) => Math.random() * pauseMs } = options;
  return {
    async run(budget, attempt) {
      let unknown: ServiceError | undefined;
      let patienceEndsMs = Infinity;
      for (let pauseMs = options.firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, options.longestPauseMs)) {
        try {
          return await attempt();
        } catch (error) {
          const reason = reasonOf(error, unknown !== undefined);
          if (reason === 'unknownCommit') unknown ??= error as ServiceError;
          const nowMs = performance.now();
          if (reason === 'lost' || reason === 'unknownCommit')
            patienceEndsMs = Math.min(patienceEndsMs, nowMs + options.connectionPatienceMs);
          const waitMs = jitter(pauseMs);
          const inTime = budget.remainingToStartMs() > waitMs && nowMs + waitMs < patienceEndsMs;
          if (reason === undefined || !options.reasons.includes(reason) || !inTime) {
            throw unknown === undefined || isDecision(error) ? toServiceError(error) : unknown;
          }
          counts[reason] += 1;
          await delay(waitMs);
        }
      }
    },
    counts: () => ({ ...counts }),
  };
}

function reasonOf(error: unknown, isUnknown: boolean): RetryReason | undefined {
  if (error instanceof ServiceError) {
    if (error.code === 'UNKNOWN_OUTCOME') return 'unknownCommit';
    return isUnknown && error.code === 'UNAVAILABLE' ? 'lost' : undefined;
  }
  const kind = kindOf(error);
  return kind === 'serialization' || kind === 'deadlock' || kind === 'lost' ? kind : undefined;
}

// The work threw this itself, after it claimed the key: so no earlier attempt has committed or will commit.
function isDecision(error: unknown): boolean {
  return error instanceof ServiceError && error.status < 500;
}
