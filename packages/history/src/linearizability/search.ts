import type { Operation } from '../operation.js';
import type { Problem } from './problem.js';
import { IMPOSSIBLE } from './transitions.js';
import { createVisited } from './visited.js';

// A state takes memory, and its steps are not known yet.
const STATE_STEPS = 20;

/** A search under way for an order in which one client could have done it all. */
export interface Search {
  /** Goes on for at most so many steps. `undefined` where that was not enough. */
  run(steps: number): boolean | undefined;
  /** Steps taken so far. */ readonly steps: number;
  /** How many operations, in the order of completion, some order explains: all where it is valid, else the next is one that no order explains. */ readonly front: number;
  /** The states the object can have been in at that front. */ readonly frontStates: ReadonlySet<number>;
  /** The order under consideration; of a valid history, a linearization. */ order(): Operation[];
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
  const { transitions, ended, kinds, reads, slots, words, pending, pendingFrom, open, openUntil } = problem;
  const visited = createVisited(2 + words, open.length);
  const done = new Uint8Array(ended.length);
  // The configuration: head = front, state, mask of what is done beyond the front; used = how many unfinished
  // operations of each kind.
  const head = new Int32Array(2 + words);
  const used = new Int16Array(open.length);
  // What is done, in order; an unfinished operation of kind n of `open` is -1 - n.
  const trail: number[] = [];
  const frames: { choice: number; cursor: number; trailLength: number; base: number; head: Int32Array }[] = [];
  const frontStates = new Set<number>();
  let furthest = -1;
  let steps = 0;
  let outcome: boolean | undefined;

  const flip = (number: number): void => {
    const slot = slots[number] as number;
    head[2 + (slot >>> 5)]! ^= 1 << (slot & 31);
  };
  const complete = (number: number): void => {
    done[number] = 1;
    flip(number);
    trail.push(number);
  };
  // Moves the front over what is done, and places every read that fits.
  const settle = (): void => {
    const state = head[1] as number;
    for (let from = head[0] as number; ; from = head[0] as number) {
      while ((head[0] as number) < ended.length && done[head[0] as number] === 1) flip(head[0]!++);
      const front = head[0] as number;
      if (front === ended.length) return;
      for (let index = pendingFrom[front] as number; index < (pendingFrom[front + 1] as number); index++) {
        const number = pending[index] as number;
        if (
          reads[number] === 1 &&
          done[number] === 0 &&
          transitions.step(state, kinds[number] as number) !== IMPOSSIBLE
        )
          complete(number);
      }
      if (front === from && done[front] === 0) return;
    }
  };
  const note = (): void => {
    const front = head[0] as number;
    if (front > furthest) {
      furthest = front;
      frontStates.clear();
    }
    if (front === furthest) frontStates.add(head[1] as number);
  };
  const undo = (): void => {
    const frame = frames.pop();
    if (frame === undefined) return;
    while (trail.length > frame.trailLength) {
      const choice = trail.pop() as number;
      if (choice < 0) used[-1 - choice]!--;
      else done[choice] = 0;
    }
    head.set(frame.head);
  };
  // Whether one that cannot be told apart from it has to end earlier and is still to do.
  const hasEarlierTwin = (from: number, index: number): boolean => {
    const kind = kinds[pending[index] as number];
    for (let other = from; other < index; other++) {
      const number = pending[other] as number;
      if (done[number] === 0 && kinds[number] === kind) return true;
    }
    return false;
  };
  // The next choice at the top of the stack: its number (or -1 - kind of `open`), or undefined where all were tried.
  const choose = (frame: (typeof frames)[number]): number | undefined => {
    const front = head[0] as number;
    const state = head[1] as number;
    const from = pendingFrom[front] as number;
    const count = (pendingFrom[front + 1] as number) - from;
    while (frame.cursor < count) {
      const index = from + frame.cursor++;
      const number = pending[index] as number;
      if (done[number] === 1 || reads[number] === 1) continue;
      const after = transitions.step(state, kinds[number] as number);
      if (after === IMPOSSIBLE || hasEarlierTwin(from, index)) continue;
      // The unfinished operations just before made no difference to it: the same without them is better.
      if (frame.base !== IMPOSSIBLE && transitions.step(frame.base, kinds[number] as number) === after) continue;
      return number;
    }
    while (frame.cursor < count + open.length) {
      const index = frame.cursor++ - count;
      if ((used[index] as number) >= (openUntil[front * open.length + index] as number)) continue;
      const after = transitions.step(state, (open[index] as Problem['open'][number]).kind);
      if (after !== IMPOSSIBLE && after !== state) return -1 - index;
    }
    return undefined;
  };
  const enter = (choice: number, base: number): void => {
    frames.push({ choice, cursor: 0, trailLength: trail.length, base, head: head.slice() });
    const state = head[1] as number;
    if (choice < 0) {
      const index = -1 - choice;
      used[index]!++;
      trail.push(choice);
      head[1] = transitions.step(state, (open[index] as Problem['open'][number]).kind);
    } else {
      head[1] = transitions.step(state, kinds[choice] as number);
      complete(choice);
    }
    const before = trail.length;
    settle();
    const frame = frames.at(-1) as (typeof frames)[number];
    // A read that fitted only now is what the unfinished operations were for.
    if (choice >= 0 || trail.length > before) frame.base = IMPOSSIBLE;
    else if (base === IMPOSSIBLE) frame.base = state;
  };

  head[1] = transitions.first;
  settle();
  note();
  visited.covers(head, used);
  frames.push({ choice: 0, cursor: 0, trailLength: 0, base: IMPOSSIBLE, head: head.slice() });
  if (furthest >= target) outcome = true;

  return {
    run(most) {
      const last = steps + most;
      while (outcome === undefined && steps < last) {
        const frame = frames.at(-1) as (typeof frames)[number];
        const choice = choose(frame);
        if (choice === undefined) {
          undo();
          if (frames.length === 0) outcome = false;
          continue;
        }
        const known = transitions.size;
        enter(choice, frame.base);
        steps += 1 + STATE_STEPS * (transitions.size - known);
        note();
        if (furthest >= target) outcome = true;
        else if (visited.covers(head, used)) undo();
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
    order() {
      const taken = open.map(() => 0);
      return trail.map(
        (choice) =>
          (choice < 0
            ? (open[-1 - choice] as Problem['open'][number]).operations[taken[-1 - choice]!++]
            : ended[choice]) as Operation,
      );
    },
  };
}
