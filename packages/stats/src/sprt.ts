/** Options of {@link sprt}. */
export interface SprtOptions {
  /** Failure ratio that is still fine. */
  readonly p0: number;
  /** Failure ratio that is not; above `p0`. */
  readonly p1: number;
  /** Accepted risk of `FLAKY` where the ratio is `p0`. Default 0.05. */
  readonly alpha?: number;
  /** Accepted risk of `STABLE` where the ratio is `p1`. Default 0.05. */
  readonly beta?: number;
  /** Runs after which the test ends `UNDECIDED`. Default 500. */
  readonly maxRuns?: number;
  /** `FLAKY` needs at least so many failures, for with p1 / p0 >= 1 / alpha a single one would do. Default 2. */
  readonly minimumFailures?: number;
}

/** `CONTINUE` asks for another run; the other three are final. */
export type SprtVerdict = 'CONTINUE' | 'STABLE' | 'FLAKY' | 'UNDECIDED';

/** A sequential test under way. */
export interface Sprt {
  readonly runs: number;
  readonly failures: number;
  readonly logLikelihoodRatio: number;
  readonly verdict: SprtVerdict;
  /** Takes one run into account. Runs after a final verdict are ignored. */
  add(failed: boolean): SprtVerdict;
}

/**
 * Wald's sequential probability ratio test: stops repeating a test as soon as its failure ratio is known to be at most
 * about `p0` (`STABLE`) or at least about `p1` (`FLAKY`), or at `maxRuns` (`UNDECIDED`). Do not feed it the failure
 * that made you ask: it was selected. Throws `RangeError` for values outside their range.
 */
export function sprt(options: SprtOptions): Sprt {
  const { p0, p1, alpha, beta, maxRuns, minimumFailures } = resolve(options);
  const onFailure = Math.log(p1 / p0);
  const onPass = Math.log1p(-p1) - Math.log1p(-p0);
  const flakyFrom = Math.log((1 - beta) / alpha);
  const stableFrom = Math.log(beta / (1 - alpha));
  let runs = 0;
  let failures = 0;
  let ratio = 0;
  let verdict: SprtVerdict = 'CONTINUE';
  return {
    get runs() {
      return runs;
    },
    get failures() {
      return failures;
    },
    get logLikelihoodRatio() {
      return ratio;
    },
    get verdict() {
      return verdict;
    },
    add(failed) {
      if (verdict !== 'CONTINUE') return verdict;
      runs++;
      if (failed) failures++;
      ratio += failed ? onFailure : onPass;
      if (ratio >= flakyFrom && failures >= minimumFailures) verdict = 'FLAKY';
      else if (ratio <= stableFrom) verdict = 'STABLE';
      else if (runs >= maxRuns) verdict = 'UNDECIDED';
      return verdict;
    },
  };
}

function resolve(options: SprtOptions): Required<SprtOptions> {
  const resolved = { alpha: 0.05, beta: 0.05, maxRuns: 500, minimumFailures: 2, ...options };
  for (const name of ['p0', 'p1', 'alpha', 'beta'] as const) {
    const value = resolved[name];
    if (!(value > 0 && value < 1))
      throw new RangeError(`Cannot start a sequential test: current ${name} is ${value}, it must be between 0 and 1`);
  }
  if (resolved.p0 >= resolved.p1)
    throw new RangeError(`Cannot start a sequential test: current p0 ${resolved.p0} is not below p1 ${resolved.p1}`);
  if (resolved.alpha + resolved.beta >= 1) {
    throw new RangeError(
      `Cannot start a sequential test: current alpha + beta is ${resolved.alpha + resolved.beta}, it must be below 1`,
    );
  }
  for (const name of ['maxRuns', 'minimumFailures'] as const) {
    const value = resolved[name];
    if (!Number.isSafeInteger(value) || value < 1)
      throw new RangeError(
        `Cannot start a sequential test: current ${name} is ${value}, it must be an integer of at least 1`,
      );
  }
  return resolved;
}
