import type { Attempt, Json, SerializedError, TestCase } from '@chaos/spec';
import type { EventLoopReading } from '@chaos/monitor';
import type { AttemptEvent, Leak, SlotCall } from '../../ipc/messages.js';

/** Events of a worker. */
export interface WorkerEvents {
  testBegin(testId: string, retry: number, timeMs: number): void;
  testEnd(
    attempt: Attempt,
    expectedStatus: TestCase['expectedStatus'],
    retriable: boolean,
    leaks: readonly Leak[],
  ): void;
  testSkip(testId: string, reason: string): void;
  /** The worker lacks the test, or could not load its file. */
  testMissing(testId: string, error: SerializedError): void;
  /** A fault or a step of the running attempt begins or ends. */
  progress(event: AttemptEvent): void;
  output(
    stream: 'stdout' | 'stderr',
    text: string,
    test: { readonly testId: string; readonly retry: number } | undefined,
  ): void;
  error(error: SerializedError): void;
  eventLoop(reading: EventLoopReading): void;
  slotCall(call: SlotCall, signal: AbortSignal): Promise<Json>;
  goesOn(): boolean;
}
