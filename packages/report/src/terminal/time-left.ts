/** What an estimate is made of. */
export interface Progress {
  /** By test id, from earlier runs. */
  readonly expectedMs: Readonly<Record<string, number>>;
  /** `begunMs`: since when it runs. */
  readonly tests: readonly { readonly id: string; readonly done: boolean; readonly begunMs: number | undefined }[];
  readonly workers: number;
  readonly elapsedMs: number;
}

// Before so many tests are done, nothing is known of how this run compares with earlier ones.
const ENOUGH = 3;

/**
 * Milliseconds until the run will have ended: what its tests took before, an unknown one as long as the mean of the
 * known, scaled by how this run has gone so far; at least what the longest of those that run has left. `undefined` when
 * nothing is left.
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
