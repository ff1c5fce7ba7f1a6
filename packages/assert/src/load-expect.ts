import { createRequire } from 'node:module';
import type { Expect } from 'expect';
import { toBeInvariant } from './matchers/to-be-invariant.js';
import { toConserve } from './matchers/to-conserve.js';
import { toHaveErrorRatioBelow } from './matchers/to-have-error-ratio-below.js';
import { toHaveLatencyBelow } from './matchers/to-have-latency-below.js';
import { toHaveNoWrongResult } from './matchers/to-have-no-wrong-result.js';
import { toHaveSuccessRatioAtLeast } from './matchers/to-have-success-ratio-at-least.js';
import { toMeetPassRate } from './matchers/to-meet-pass-rate.js';
import { toPass } from './matchers/to-pass.js';
import { toRecoverWithin } from './matchers/to-recover-within.js';
import { toScaleWith } from './matchers/to-scale-with.js';

let loaded: Expect | undefined;

/**
 * Loads Jest's `expect` and extends it. It takes some 60 ms: the first use of {@link expect} does it, or a worker
 * beforehand, so that no test pays for it. Twice is harmless.
 */
export function loadExpect(): Expect {
  if (loaded === undefined) {
    // It is CommonJS: required, so that an `expect()` that must answer at once can load it.
    const { expect } = createRequire(import.meta.url)('expect') as typeof import('expect');
    expect.extend({
      toBeInvariant,
      toConserve,
      toHaveErrorRatioBelow,
      toHaveLatencyBelow,
      toHaveNoWrongResult,
      toHaveSuccessRatioAtLeast,
      toMeetPassRate,
      toPass,
      toRecoverWithin,
      toScaleWith,
    });
    loaded = expect;
  }
  return loaded;
}
