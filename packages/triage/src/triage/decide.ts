import { ARMS } from './arm.js';
import { decideAtOnce } from './at-once.js';
import type { Decision } from './decision.js';
import { answerOf, nextArm, type Answer } from './next-arm.js';
import { firstError, isTiming, machineTrouble, type Suspect } from './suspect.js';

type Verdict = Omit<Decision, 'evidence'>;

/**
 * The cause of a failure, from everything that is known so far. A bug is never called tuning because it vanished at
 * lower load or with more time: where the same test passes on another version of the target, the target is the cause.
 */
export function decide(suspect: Suspect): Decision {
  const verdict = decideAtOnce(suspect) ?? decideByArms(suspect);
  return { ...verdict, evidence: evidenceOf(suspect, verdict) };
}

function decideByArms(suspect: Suspect): Verdict {
  const { failed = 0, runs = 0 } = suspect.arms['same again'] ?? {};
  if (runs === 0) return { tag: 'POTENTIAL_BUG', confidence: 0.3, because: 'it was not run again' };
  const again = failed === runs ? 'fails' : answerOf(suspect, 'same again');
  // An open question clears nobody.
  const open = nextArm(suspect);
  if (open !== undefined)
    return {
      tag: 'POTENTIAL_BUG',
      confidence: 0.4,
      because: `the time for reruns ended before this was known: ${open}`,
    };
  return again === 'passes' ? vanished(suspect) : staying(suspect, again);
}

function staying(suspect: Suspect, again: Answer): Verdict {
  const is = (arm: Parameters<typeof answerOf>[1], answer: Answer): boolean => answerOf(suspect, arm) === answer;
  const often = again === 'fails' ? 0.05 : 0;
  if (is('reference', 'passes'))
    return {
      tag: 'POTENTIAL_BUG',
      confidence: 0.9 + often,
      because: 'the same test passes on the target without the variant',
    };
  const { passed, failed } = suspect.history;
  const trouble = machineTrouble(suspect);
  if (isTiming(suspect) && trouble !== undefined && overloadedAgain(suspect))
    return { tag: 'ENVIRONMENT', confidence: 0.8, because: `${trouble}, and it still is` };
  if (!suspect.hasReference && passed >= 3 && failed === 0 && trouble === undefined)
    return {
      tag: 'POTENTIAL_BUG',
      confidence: 0.8 + often,
      because: `it passed in all ${passed} earlier runs on this machine`,
    };
  if (is('time-outs x4', 'passes'))
    return { tag: 'TUNING_NEEDED', confidence: 0.85 + often, because: 'with four times the time it passes' };
  if (is('other seed', 'passes'))
    return {
      tag: 'TEST_DESIGN',
      confidence: 0.8 + often,
      because: 'it fails with this seed alone: its expectation hangs on random choices',
    };
  if (is('load x0.5', 'passes'))
    return isTiming(suspect) || suspect.failure.failureClass === 'operation'
      ? { tag: 'TUNING_NEEDED', confidence: 0.75 + often, because: 'with half the load it passes' }
      : { tag: 'POTENTIAL_BUG', confidence: 0.7, because: 'it fails under load without any limit of time: a race' };
  if (is('reference', 'fails'))
    return { tag: 'TEST_DESIGN', confidence: 0.8, because: 'it fails on the target without the variant, too' };
  if (failed >= 3 && passed === 0)
    return { tag: 'TEST_DESIGN', confidence: 0.7, because: `it never passed, in ${failed} earlier runs` };
  if (is('faults off', 'fails') && suspect.failure.failureClass === 'assertion')
    return {
      tag: 'TEST_DESIGN',
      confidence: 0.6,
      because: 'it fails without any fault, at any time-out: it expects what never holds',
    };
  return { tag: 'POTENTIAL_BUG', confidence: 0.6, because: 'nothing that was changed about the test clears it' };
}

function vanished(suspect: Suspect): Verdict {
  const is = (arm: Parameters<typeof answerOf>[1], ...answers: readonly Answer[]): boolean =>
    answers.includes(answerOf(suspect, arm));
  const trouble = machineTrouble(suspect);
  if (trouble !== undefined && is('CPU busy', 'fails', 'sometimes'))
    return { tag: 'ENVIRONMENT', confidence: 0.95, because: `${trouble}; it fails again when the CPU is kept busy` };
  if (is('with neighbours', 'fails', 'sometimes'))
    return { tag: 'TEST_DESIGN', confidence: 0.85, because: 'it fails after other tests, and passes without them' };
  if (is('load x2', 'fails', 'sometimes') || is('load x4', 'fails', 'sometimes'))
    return isTiming(suspect)
      ? { tag: 'TUNING_NEEDED', confidence: 0.7, because: 'it is at the edge: with more load it fails' }
      : {
          tag: 'POTENTIAL_BUG',
          confidence: 0.7,
          because: 'it fails again with more load, without any limit of time: a race',
        };
  if (trouble !== undefined)
    return { tag: 'ENVIRONMENT', confidence: isTiming(suspect) ? 0.8 : 0.6, because: `${trouble}; it passes now` };
  if (is('CPU busy', 'fails', 'sometimes') && isTiming(suspect))
    return { tag: 'ENVIRONMENT', confidence: 0.7, because: 'it fails when the CPU is kept busy, and passes else' };
  return { tag: 'POTENTIAL_BUG', confidence: 0.4, because: 'it could not be made to fail again; its cause is open' };
}

function overloadedAgain({ arms }: Suspect): boolean {
  const { overloaded = 0, runs = 0 } = arms['same again'] ?? {};
  return runs > 0 && overloaded === runs;
}

function evidenceOf(suspect: Suspect, { because }: Verdict): readonly string[] {
  const { failure, history, arms } = suspect;
  const message = (firstError(suspect)?.message ?? '').split('\n')[0]!.slice(0, 200);
  const trouble = machineTrouble(suspect);
  return [
    because,
    `${failure.failureClass ?? failure.status}: ${message}`,
    ...ARMS.flatMap((arm) => {
      const { failed, runs } = arms[arm] ?? { failed: 0, runs: 0 };
      return runs === 0 ? [] : [`${arm}: failed ${failed} of ${runs}`];
    }),
    ...(trouble === undefined || because.startsWith(trouble) ? [] : [trouble]),
    ...(history.passed + history.failed === 0
      ? []
      : [`earlier runs on this machine: failed ${history.failed} of ${history.passed + history.failed}`]),
  ];
}
