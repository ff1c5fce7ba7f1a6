import type { Reporter } from '@chaos/spec';

/** Reports nothing. */
export function createNullReporter(): Reporter {
  return { onEvent() {} };
}
