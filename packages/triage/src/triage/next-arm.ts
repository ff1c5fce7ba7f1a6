import type { Arm } from './arm.js';
import { decideAtOnce } from './at-once.js';
import { isTiming, machineTrouble, type Suspect } from './suspect.js';

/** The answer of an arm: does the test fail under it? */
export type Answer = 'fails' | 'passes' | 'sometimes' | 'open';

/** Runs after which an arm that never disagreed is believed; after this many more it is believed as it is. */
const AGREE = 2;
const MOST = 4;

/** What the runs under an arm say; `open` as long as more of them are needed. */
export function answerOf({ arms }: Pick<Suspect, 'arms'>, arm: Arm, agree: number = AGREE): Answer {
  const { failed = 0, runs = 0 } = arms[arm] ?? {};
  if (runs >= agree && failed === runs) return 'fails';
  if (runs >= agree && failed === 0) return 'passes';
  return runs >= MOST ? 'sometimes' : 'open';
}

/** Runs that an arm still needs until it is believed, if none of them disagrees. */
export function runsNeeded(suspect: Suspect, arm: Arm): number {
  const { failed = 0, runs = 0 } = suspect.arms[arm] ?? {};
  const agree = arm === 'same again' && runs > failed ? 3 : AGREE;
  // The first run again often decides alone how to go on.
  if (arm === 'same again' && runs === 0) return 1;
  return failed > 0 && failed < runs ? 1 : Math.max(1, agree - runs);
}

/**
 * The arm that tells most about a failure now; `undefined` when the cause is known as well as reruns can tell. Stops as
 * soon as an answer settles the cause.
 */
export function nextArm(suspect: Suspect): Arm | undefined {
  if (decideAtOnce(suspect) !== undefined) return undefined;
  // One more failure is enough where another version of the target can tell the rest.
  const { failed = 0, runs = 0 } = suspect.arms['same again'] ?? {};
  if (suspect.hasReference && runs > 0 && failed === runs) return nextOfStaying(suspect);
  const again = answerOf(suspect, 'same again', 3);
  if (again === 'open' && answerOf(suspect, 'same again') !== 'fails') return 'same again';
  return again === 'passes' ? nextOfVanished(suspect) : nextOfStaying(suspect);
}

function nextOfStaying(suspect: Suspect): Arm | undefined {
  // The reference comes first: the same test and settings, another target. Nothing tells more.
  if (suspect.hasReference) {
    const reference = answerOf(suspect, 'reference');
    if (reference === 'open') return 'reference';
    if (reference === 'passes') return undefined;
  }
  const changes: readonly Arm[] = [
    'other seed',
    'time-outs x4',
    ...(suspect.failure.loads.length > 0 ? (['load x0.5'] as const) : []),
    ...(suspect.failure.faults.length > 0 ? (['faults off'] as const) : []),
  ];
  // A failure of timing is most probably a matter of limits.
  const ordered = isTiming(suspect) ? [changes[1]!, ...changes.filter((_arm, index) => index !== 1)] : changes;
  for (const arm of ordered) {
    const answer = answerOf(suspect, arm);
    if (answer === 'open') return arm;
    if (answer === 'passes' && arm !== 'faults off') return undefined;
  }
  return undefined;
}

function nextOfVanished(suspect: Suspect): Arm | undefined {
  const trouble = machineTrouble(suspect) !== undefined;
  const changes: readonly Arm[] = [
    ...(trouble ? (['CPU busy'] as const) : []),
    ...(suspect.hasNeighbours ? (['with neighbours'] as const) : []),
    ...(suspect.failure.loads.length > 0 ? (['load x2', 'load x4'] as const) : []),
    ...(trouble ? [] : (['CPU busy'] as const)),
  ];
  for (const arm of changes) {
    const answer = answerOf(suspect, arm);
    if (answer === 'open') return arm;
    if (answer !== 'passes' || (arm === 'CPU busy' && trouble)) return undefined;
  }
  return undefined;
}
