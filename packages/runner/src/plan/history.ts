/** What earlier runs measured, by test id. */
export interface History {
  readonly tests: Readonly<Record<string, { readonly durationMs: number; readonly failed: boolean }>>;
  /** Mean duration of the known tests; 0 when none is known. */
  readonly meanMs: number;
}

/** A history of nothing. */
export const noHistory: History = { tests: {}, meanMs: 0 };

/** Builds a history from what was kept. */
export function historyOf(tests: History['tests']): History {
  const durations = Object.values(tests).map(({ durationMs }) => durationMs);
  return {
    tests,
    meanMs: durations.length === 0 ? 0 : durations.reduce((sum, each) => sum + each, 0) / durations.length,
  };
}
