import { ChaosError, InvariantViolation } from '@chaos/spec';
import { check, type CheckOptions } from '../check.js';
import { describeEvidence, describeVerdict } from '../describe-verdict.js';
import type { History } from '../history.js';
import type { Verdict } from '../verdict.js';

/** Subject of a matcher: a history, or an object that has one, such as a recorder. */
export type HistorySource = History | { history(): History };

/** The part of Jest's matcher context that we use. */
export interface HistoryMatcherContext {
  readonly isNot?: boolean;
}

/** Result that a matcher returns to Jest's `expect`. */
export interface HistoryMatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
}

/**
 * Checks a history as a matcher does. A violation is thrown as an `InvariantViolation`, which no retry clears, with the
 * explanation as its message and the options of the check in its data; what nobody can tell as `ChaosError`
 * `VERDICT_UNKNOWN`, also under `.not`: a test that saw nothing must not pass.
 */
export function judgeHistory(
  context: HistoryMatcherContext,
  matcher: string,
  received: HistorySource,
  options: CheckOptions,
): HistoryMatcherResult {
  const verdict = check(historyOf(matcher, received), options);
  const { valid, model, reason, coverage } = verdict;
  if (valid === 'unknown') {
    throw new ChaosError(
      'VERDICT_UNKNOWN',
      `Cannot say whether the history is ${model}: ` +
        `${reason ?? 'too little was observed'}\n${describeEvidence(verdict)}`,
      {
        hint: 'Run the load longer, observe more of what it wrote, or give the checker a larger budget.',
        data: { model, coverage },
      },
    );
  }
  if (!valid && context.isNot !== true)
    throw new InvariantViolation(describeVerdict(verdict), { data: { ...dataOf(verdict), check: options } });
  return {
    pass: valid,
    message: () => `expected the history not to be ${model}, but it is\n${describeEvidence(verdict)}`,
  };
}

function historyOf(matcher: string, received: HistorySource): History {
  const history =
    typeof received === 'object' && received !== null && 'history' in received ? received.history() : received;
  if (!Array.isArray((history as Partial<History> | undefined)?.operations))
    throw new TypeError(`${matcher}() needs a history or a recorder: current value is ${typeof received}`);
  return history;
}

function dataOf({ model, strongest, anomalies, coverage }: Verdict): Readonly<Record<string, unknown>> {
  return {
    model,
    strongest,
    anomalies: anomalies.map(({ type, message, faults }) => ({
      type,
      message,
      faults: faults.map(({ name }) => name),
    })),
    coverage,
  };
}
