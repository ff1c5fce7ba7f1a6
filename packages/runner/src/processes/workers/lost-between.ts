import type { ErrorCode, SerializedError } from '@chaos/spec';
import { frameOf } from '../../data/frame-of.js';
import type { ChildExit } from '../child.js';

/**
 * The error for a worker that ended by itself while no test ran in it. `during` is what it did; `lastWords` its own
 * description of its end.
 */
export function lostBetween(
  workerIndex: number,
  during: string,
  { code, signal }: ChildExit,
  lastWords: SerializedError | undefined,
): SerializedError {
  const { location } = lastWords ?? {};
  const message = `Worker ${workerIndex} exited unexpectedly (code=${code}, signal=${signal}) ${during}${lastWords ? `: ${lastWords.message}` : ''}`;
  return {
    message,
    code: 'WORKER_LOST' satisfies ErrorCode,
    hint: 'Its afterAll hooks and worker fixtures that were still open did not come to their end.',
    ...(location && { location, stack: `${message}\n${frameOf(location)}` }),
  };
}
