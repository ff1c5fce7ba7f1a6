import type { EventOrigin, RunEvent } from '@chaos/spec';
import { failureClassOf } from '../run/failure-class.js';
import type { BlobHeader } from './blob-format.js';

/**
 * Adds to an event of an older format what the current one always has: the origin, and the failure class of an attempt.
 * The host of a report of version 1 is its name, or `unknown`.
 */
export function completeEvent(event: RunEvent, { version, name }: BlobHeader): RunEvent {
  if (version > 1) return event;
  const completed = event.type === 'test-end' ? withFailureClass(event) : event;
  return { ...completed, origin: { host: name ?? 'unknown', ...placeOf(event) } };
}

type TestEnd = Extract<RunEvent, { readonly type: 'test-end' }>;

function withFailureClass(event: TestEnd): TestEnd {
  const { attempt } = event;
  const failureClass = failureClassOf(attempt.quarantined ?? attempt);
  return failureClass === undefined ? event : { ...event, attempt: { ...attempt, failureClass } };
}

function placeOf(event: RunEvent): Omit<EventOrigin, 'host'> {
  if (event.type === 'slot-state') return { slot: event.slot };
  if (event.type === 'test-start') return { slot: event.parallelIndex, worker: event.workerIndex };
  if (event.type === 'test-end') return { slot: event.attempt.parallelIndex, worker: event.attempt.workerIndex };
  return {};
}
