/** Input of an estimate. */
export interface Progress {
  /** By test id, from earlier runs. */
  readonly expectedMs: Readonly<Record<string, number>>;
  /** `begunMs`: start of the test. */
  readonly tests: readonly { readonly id: string; readonly done: boolean; readonly begunMs: number | undefined }[];
  readonly workers: number;
  readonly elapsedMs: number;
}

// Tests that must be done before this run is compared with earlier ones.
const ENOUGH = 3;

/**
 * Estimated time until the run ends, ms: earlier durations of its tests (the mean for unknown ones), scaled by the
 * progress of this run; at least the remaining time of the longest running test. `undefined` when nothing is left.
 */
export function timeLeftMs({ expectedMs, tests, workers, elapsedMs }: Progress): number | undefined {
  const known = Object.values(expectedMs);
  const meanMs = known.reduce((sum, each) => sum + each, 0) / Math.max(1, known.length);
  let doneMs = 0;
  let done = 0;
  let leftMs = 0;
  let longestMs = 0;
  for (const { id, done: isDone, begunMs } of tests) {
    const expected = expectedMs[id] ?? meanMs;
    if (isDone) {
      doneMs += expected;
      done += 1;
      continue;
    }
    const rest = Math.max(0, expected - (begunMs ?? 0));
    leftMs += rest;
    if (begunMs !== undefined) longestMs = Math.max(longestMs, rest);
  }
  if (done === tests.length) return undefined;
  const factor = done >= ENOUGH && doneMs > 0 ? (elapsedMs * workers) / doneMs : 1;
  return Math.max(longestMs, (leftMs * factor) / workers);
}
