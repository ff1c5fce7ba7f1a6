import type { ErrorCode } from '../errors/error-code.js';

/**
 * An event that nobody asked for, as a slot fixture tells it: the program under test ended by itself. It fails the test
 * that it happened in. Plain data, for it crosses processes.
 */
export type Incident = {
  /** The code of the error that it becomes. */
  readonly code: ErrorCode;
  /** What happened: `target exited with code 7`. */
  readonly what: string;
  /** Milliseconds since the Unix epoch. */
  readonly atMs: number;
  /** The evidence: the last lines of its output. Empty where there is none. */
  readonly detail: string;
  /** What to do about it. */
  readonly hint: string;
};
