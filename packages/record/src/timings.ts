/** Durations and failures of earlier runs, by test id. */
export interface Timings {
  readonly tests: Readonly<Record<string, { readonly durationMs: number; readonly failed: boolean }>>;
  /** Mean duration of the known tests; 0 when none is known. */
  readonly meanMs: number;
}

/** No timings. */
export const noTimings: Timings = { tests: {}, meanMs: 0 };

/** Builds timings and computes their mean. */
export function timingsOf(tests: Timings['tests']): Timings {
  const durations = Object.values(tests).map(({ durationMs }) => durationMs);
  return {
    tests,
    meanMs: durations.length === 0 ? 0 : durations.reduce((sum, each) => sum + each, 0) / durations.length,
  };
}
