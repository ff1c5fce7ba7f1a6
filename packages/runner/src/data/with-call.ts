import type { Location } from '@chaos/spec';
import { frameOf } from './frame-of.js';
import { userLocation } from './serialize-error.js';

/** An error from another process, at the call that it answers: its own stack ends in that process. */
export function withCall(error: unknown, call: Location): unknown {
  if (error instanceof Error && call.file !== '' && userLocation(error.stack ?? '') === undefined)
    error.stack = `${error.name}: ${error.message}\n${frameOf(call)}`;
  return error;
}
