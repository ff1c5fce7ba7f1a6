import type { RunEvent, TestCase } from '@chaos/spec';

/**
 * The version of the format; it grows when an older reader would misread a newer report, or when a newer reader has to
 * complete an older one.
 *
 * 1: no origins, no steps while they run, no `failureClass` and `machine` of attempts.
 * 2: all of these.
 */
export const BLOB_VERSION = 2;

/** First line of a report. */
export interface BlobHeader {
  readonly type: 'blob';
  readonly version: number;
  readonly runId: string;
  readonly rootDir: string;
  readonly pathSeparator: string;
  readonly name?: string;
  readonly shard?: { readonly current: number; readonly total: number };
}

/**
 * Tests follow `run-start` on lines of their own: one line with all of them could exceed the maximum length of a
 * string.
 */
export interface BlobTests {
  readonly type: 'blob-tests';
  readonly tests: readonly TestCase[];
}

/** A line of a report after the first: an event, unchanged. Its `type` always comes first. */
export type BlobLine = BlobTests | RunEvent;
