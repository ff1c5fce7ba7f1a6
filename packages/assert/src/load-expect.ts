import { createRequire } from 'node:module';
import type { Expect } from 'expect';
import type { MatcherTable } from './chaos-expect.js';
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
const extended = new WeakSet<object>();

/**
 * Loads Jest's `expect` and extends it. It takes some 60 ms: the first use of {@link expect} does it, or a worker
 * beforehand, so that no test pays for it. Twice is harmless. `matchers` are added the first time that they are given.
 */
export function loadExpect(matchers?: MatcherTable): Expect {
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
  if (matchers !== undefined && !extended.has(matchers)) {
    extended.add(matchers);
    loaded.extend(matchers as never);
  }
  return loaded;
}
