import type { OpenKind, Problem } from './problem.js';
import { NONE, UNSET, type Position } from './position.js';
import { IMPOSSIBLE } from './transitions.js';

// Effects of a kind of operation on the states in which it was tried.
const STAYS = 1;
const CHANGES = 2;

/** The operations to try next, one after the other. */
export interface Choices {
  /** The next choice at a position: a number, or -1 - kind of `open`; `undefined` where all were tried. */
  next(position: Position): number | undefined;
}

/**
 * Tries first what fits and was never seen to change a state, for it may fit no more afterwards. Then all others in the
 * order of completion, then the unfinished ones.
 */
export function createChoices(problem: Problem): Choices {
  const { transitions, kinds, reads, pending, pendingFrom, open, openUntil } = problem;
  const effects = new Uint8Array(kinds.reduce((most, kind) => Math.max(most, kind), 0) + 1);

  // The first that seems to be a read, and fits; NONE where no operation is like that.
  const findRead = (position: Position, from: number, end: number): number => {
    for (let index = from; index < end; index++) {
      const number = pending[index] as number;
      const kind = kinds[number] as number;
      if (effects[kind] !== STAYS || position.isDone(number) || reads[number] === 1) continue;
      if (transitions.step(position.state, kind) === position.state && position.base === IMPOSSIBLE) return number;
    }
    return NONE;
  };
  const fits = (position: Position, kind: number): boolean => {
    const { state, base } = position;
    const after = transitions.step(state, kind);
    if (after === IMPOSSIBLE) return false;
    effects[kind]! |= after === state ? STAYS : CHANGES;
    // The unfinished operations just before made no difference to it: the same without them is better.
    return base === IMPOSSIBLE || transitions.step(base, kind) !== after;
  };
  const nextOpen = (position: Position, count: number): number | undefined => {
    const { front, state } = position;
    while (position.cursor < count + open.length) {
      const index = position.cursor++ - count;
      if ((position.used[index] as number) >= (openUntil[front * open.length + index] as number)) continue;
      const after = transitions.step(state, (open[index] as OpenKind).kind);
      if (after !== IMPOSSIBLE && after !== state) return -1 - index;
    }
    return undefined;
  };

  return {
    next(position) {
      const from = pendingFrom[position.front] as number;
      const end = pendingFrom[position.front + 1] as number;
      if (position.tried === UNSET) {
        position.tried = findRead(position, from, end);
        if (position.tried !== NONE) return position.tried;
      }
      for (let index = from + position.cursor; index < end; index++) {
        const number = pending[index] as number;
        if (reads[number] === 1 || number === position.tried || position.isDone(number)) continue;
        if (!fits(position, kinds[number] as number) || hasEarlierTwin(problem, position, from, index)) continue;
        position.cursor = index + 1 - from;
        return number;
      }
      position.cursor = Math.max(position.cursor, end - from);
      return nextOpen(position, end - from);
    },
  };
}

// True if one that cannot be told apart from it has to end earlier and is still to do.
function hasEarlierTwin(
  { hasTwin, kinds, pending }: Problem,
  position: Position,
  from: number,
  index: number,
): boolean {
  const number = pending[index] as number;
  if (hasTwin[number] === 0) return false;
  for (let other = from; other < index; other++) {
    const earlier = pending[other] as number;
    if (kinds[earlier] === kinds[number] && !position.isDone(earlier)) return true;
  }
  return false;
}
