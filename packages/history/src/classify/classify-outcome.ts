import { outcomeOf } from '@chaos/spec';

/**
 * The outcome of an operation that threw this, by the one it carries (`OperationError`): `rejected` and `unavailable`
 * are `fail`, and so is a refused connection. What says nothing of itself is `info`: the safe side, for a wrong `fail`
 * makes false alarms while a wrong `info` only proves less.
 */
export function classifyOutcome(error: unknown): 'fail' | 'info' {
  const outcome = outcomeOf(error);
  return outcome === 'rejected' || outcome === 'unavailable' ? 'fail' : 'info';
}
