// The rule, a second time: written from its text in issue 10 and the guide, sharing nothing with the code under test.
// It knows a run only by its events.

/** Reported fields of an attempt. */
export interface Told {
  readonly status: 'passed' | 'failed' | 'timedOut' | 'skipped' | 'interrupted';
  readonly inconclusive?: string;
  /** True if it saw wrong data. */
  readonly invariant?: boolean;
}

export interface ToldTest {
  readonly title: string;
  readonly expected: 'passed' | 'failed';
  readonly attempts: readonly Told[];
  /** The runner gave it no (further) attempt. */
  readonly skip?: 'skipped' | 'did not run';
  readonly quarantined: boolean;
}

export interface ToldRun {
  readonly tests: readonly ToldTest[];
  readonly errorsOutside: number;
  readonly stop?: { readonly kind: 'signal' | 'environment'; readonly exitCode: number } | { readonly kind: 'timeout' };
  /** Loading failed: nothing was selected. */
  readonly unloaded: boolean;
  /** Parts of the selection that named no test. */
  readonly unmatched?: number;
  readonly allowed: { readonly noTests: boolean; readonly emptyShard: boolean; readonly unchanged: boolean };
  readonly failOnFlaky: boolean;
  readonly maxInconclusive: number;
  readonly overloaded: boolean;
}

/** Final result of a test. */
export function endOf({ expected, attempts, skip, quarantined }: ToldTest): string {
  if (quarantined) return 'quarantined';
  const isGood = ({ status }: Told): boolean => status === expected;
  const isBad = (told: Told): boolean => ['passed', 'failed', 'timedOut'].includes(told.status) && !isGood(told);
  if (attempts.some((told) => isBad(told) && told.invariant)) return 'failed';
  const lastBad = attempts.findLastIndex(isBad);
  if (lastBad >= 0) return attempts.slice(lastBad).some(isGood) ? 'flaky' : 'failed';
  const last = attempts.at(-1);
  if (last?.status === 'interrupted') return 'interrupted';
  if (attempts.some(isGood)) return 'expected';
  if (last) return last.inconclusive === undefined ? 'skipped' : 'inconclusive';
  return skip ?? 'did not run';
}

/** The exit code that a run must end with. */
export function exitCodeOf(run: ToldRun): number {
  if (run.stop && run.stop.kind !== 'timeout') return run.stop.exitCode;
  const ends = run.tests.map(endOf);
  const share = (...wanted: string[]): number => ends.filter((end) => wanted.includes(end)).length;
  const good = ['expected', 'skipped', 'inconclusive', 'quarantined', ...(run.failOnFlaky ? [] : ['flaky'])];
  const unsure = share('inconclusive') / share('expected', 'flaky', 'failed', 'inconclusive');
  const isEmptyByMistake = ends.length === 0 && !run.unloaded && !Object.values(run.allowed).includes(true);
  const isPartlyWrong = ends.length > 0 && !run.unloaded && (run.unmatched ?? 0) > 0 && !run.allowed.noTests;
  const isRed = run.stop !== undefined || run.errorsOutside > 0 || run.overloaded || isEmptyByMistake || isPartlyWrong;
  return isRed || unsure > run.maxInconclusive || ends.some((end) => !good.includes(end)) ? 1 : 0;
}
