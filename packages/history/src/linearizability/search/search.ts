import { createChoices } from './choices.js';
import type { Operation } from '../../operation.js';
import { Position } from './position.js';
import type { OpenKind, Problem } from './problem.js';
import { createVisited } from './visited.js';

// A new state takes the time and memory of some steps, and every so many of its parts those of one.
const STATE_STEPS = 4;
const PARTS_A_STEP = 8;

/** A search under way for an order in which one client could have done it all. */
export interface Search {
  /** Goes on for at most so many steps. `undefined` where that was not enough. */
  run(steps: number): boolean | undefined;
  /** Steps taken so far. */
  readonly steps: number;
  /**
   * How many operations, in the order of completion, some order explains: all where it is valid, else the next is one
   * that no order explains.
   */
  readonly front: number;
  /** The states the object can have been in at that front. */
  readonly frontStates: ReadonlySet<number>;
  /** The order under consideration; of a valid history, a linearization. */
  order(): Operation[];
}

/**
 * Wing and Gong's search with Lowe's memory (Testing for linearizability, 2017), for an object whose states are
 * numbered. It goes depth first and always tries the operation that completed first, so it linearizes others only where
 * that one needs them. What makes crashed clients bearable: a read that fits is placed at once and never reconsidered;
 * of operations that cannot be told apart only the one that has to end first is tried; unfinished ones are tried last,
 * only where they change something the next operation needs, are counted by kind rather than one by one, and a
 * configuration is left where another used up fewer.
 *
 * `target` ends it as soon as so many operations are explained (default: all).
 */
export function createSearch(problem: Problem, target: number = problem.ended.length): Search {
  const { transitions, words, open } = problem;
  const position = new Position(problem);
  const choices = createChoices(problem);
  const visited = createVisited(2 + words, open.length);
  const frontStates = new Set<number>();
  let furthest = -1;
  let steps = 0;
  let outcome: boolean | undefined;

  const note = (): void => {
    const { front } = position;
    if (front < furthest) return;
    if (front > furthest) frontStates.clear();
    furthest = front;
    frontStates.add(position.state);
    if (furthest >= target) outcome = true;
  };
  visited.covers(position.head, position.used);
  note();

  return {
    run(most) {
      const last = steps + most;
      while (outcome === undefined && steps < last) {
        const { states, parts } = transitions;
        const choice = choices.next(position);
        if (choice === undefined) {
          position.undo();
          if (position.depth === 0) outcome = false;
          continue;
        }
        position.enter(choice);
        steps += 1 + STATE_STEPS * (transitions.states - states);
        steps += Math.trunc((transitions.parts - parts) / PARTS_A_STEP);
        note();
        if (outcome === undefined && visited.covers(position.head, position.used)) position.undo();
      }
      return outcome;
    },
    get steps() {
      return steps;
    },
    get front() {
      return furthest;
    },
    frontStates,
    order: () => orderOf(problem, position.trail()),
  };
}

function orderOf({ ended, open }: Problem, trail: Int32Array): Operation[] {
  const taken = open.map(() => 0);
  return Array.from(
    trail,
    (choice) =>
      (choice < 0 ? (open[-1 - choice] as OpenKind).operations[taken[-1 - choice]!++] : ended[choice]) as Operation,
  );
}
