import { inspect } from 'node:util';
import type { LoadResult, OperationError, Outcome } from '@chaos/spec';
import { createLatencyRecorder, type LatencyRecorder } from './latency-recorder.js';
import type { OperationResult } from '../operation.js';
import { Timeline } from './timeline.js';

const OUTCOMES: readonly Outcome[] = ['ok', 'wrong', 'rejected', 'unavailable', 'timeout', 'unknown'];
const WRONG_KEPT = 5;
const ERRORS_KEPT = 10;
const PRINTED_LENGTH = 300;

/** Adds up operations, in constant memory. */
export interface Tally {
  /** `atMs`: time since the first start, at the end of the operation. */
  add(result: OperationResult<unknown>, atMs: number): void;
  /** An operation that was not started: it counts, without a latency. */
  addShed(error: OperationError, atMs: number): void;
  result(durationMs: number, concurrency: number, judged: boolean): LoadResult;
}

/** An empty tally. */
export function createTally(): Tally {
  const all = createLatencyRecorder();
  const timeline = new Timeline();
  const counts = byOutcome(() => 0);
  const recorders = byOutcome<LatencyRecorder | undefined>(() => undefined);
  const wrong: string[] = [];
  const errors = new Map<string, { readonly outcome: Outcome; readonly message: string; count: number }>();
  let operations = 0;
  const addError = (outcome: Outcome, error: unknown): void => {
    const message = messageOf(error);
    const key = `${outcome} ${message}`;
    const known = errors.get(key);
    if (known) known.count++;
    else if (errors.size < ERRORS_KEPT) errors.set(key, { outcome, message, count: 1 });
  };
  return {
    add({ outcome, latencyMs, value, error }, atMs) {
      operations++;
      counts[outcome]++;
      timeline.add(atMs, outcome, latencyMs);
      all.record(latencyMs);
      (recorders[outcome] ??= createLatencyRecorder()).record(latencyMs);
      if (outcome === 'ok') return;
      if (outcome === 'wrong') {
        if (wrong.length < WRONG_KEPT) wrong.push(printed(value));
        if (error === undefined) return;
      }
      addError(outcome, error);
    },
    addShed(error, atMs) {
      operations++;
      counts[error.outcome]++;
      timeline.add(atMs, error.outcome);
      addError(error.outcome, error);
    },
    result(durationMs, concurrency, judged) {
      const latency = all.summary();
      return {
        operations,
        durationMs,
        concurrency,
        counts,
        judged,
        wrong,
        errors: [...errors.values()].sort((a, b) => b.count - a.count),
        throughput: durationMs > 0 ? (counts.ok * 1000) / durationMs : 0,
        latency,
        timeline: timeline.read(),
        latencyOf: byOutcome((outcome) => recorders[outcome]?.summary() ?? NOTHING),
      };
    },
  };
}

const NOTHING = Object.freeze({ count: 0, min: 0, mean: 0, p50: 0, p90: 0, p95: 0, p99: 0, max: 0 });

function byOutcome<T>(value: (outcome: Outcome) => T): Record<Outcome, T> {
  return Object.fromEntries(OUTCOMES.map((outcome) => [outcome, value(outcome)])) as Record<Outcome, T>;
}

function printed(value: unknown): string {
  return shortened(
    inspect(value, { depth: 4, breakLength: Infinity, maxArrayLength: 20, maxStringLength: PRINTED_LENGTH }),
  );
}

function messageOf(error: unknown): string {
  return shortened(
    error instanceof Error || error instanceof DOMException
      ? `${error.name}: ${error.message}`
      : inspect(error, { depth: 2, breakLength: Infinity }),
  );
}

function shortened(text: string): string {
  return text.length > PRINTED_LENGTH ? `${text.slice(0, PRINTED_LENGTH)}…` : text;
}
