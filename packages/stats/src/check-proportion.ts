/** Throws `RangeError` unless `failures` of `runs` can be, and `confidence` is strictly between 0 and 1. */
export function checkProportion(failures: number, runs: number, confidence: number): void {
  if (!Number.isSafeInteger(runs) || runs < 1)
    throw new RangeError(`Cannot bound a ratio: current runs is ${runs}, it must be an integer of at least 1`);
  if (!Number.isSafeInteger(failures) || failures < 0 || failures > runs) {
    throw new RangeError(
      `Cannot bound a ratio: current failures is ${failures}, it must be an integer from 0 to ${runs}`,
    );
  }
  checkConfidence(confidence);
}

/** Throws `RangeError` unless `confidence` is strictly between 0 and 1. */
export function checkConfidence(confidence: number): void {
  if (!(confidence > 0 && confidence < 1))
    throw new RangeError(`Cannot use a confidence of ${confidence}: it must be between 0 and 1`);
}
