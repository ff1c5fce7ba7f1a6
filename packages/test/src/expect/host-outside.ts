import type { ExpectHost } from '@chaos/assert';
import { started } from '@chaos/runner';

/**
 * The host of matchers outside of tests, as in worker fixtures: what waits has to be awaited there, too. Nothing is
 * stretched, and a soft failure is one like any other.
 */
export const OUTSIDE: ExpectHost = {
  deadlineFactor: 1,
  onSoftFailure(error) {
    throw error;
  },
  onRecovery() {},
  onStart: (title, matcher, progress) => started(title, matcher, progress && { progress }),
};
