import type { Location } from '@chaos/spec';
import { frameOf } from './frame-of.js';
import { userLocation } from './serialize-error.js';

/** An error from another process, at the call that it answers: its own stack ends in that process. */
export function withCall(error: unknown, place: () => Location): unknown {
  if (!(error instanceof Error) || userLocation(error.stack ?? '') !== undefined) return error;
  const call = place();
  if (call.file !== '') error.stack = `${error.name}: ${error.message}\n${frameOf(call)}`;
  return error;
}
