import type { OpenKind, Problem } from './problem.js';
import { IMPOSSIBLE, type Transitions } from './transitions.js';

const FRONT = 0;
const STATE = 1;
const MASK = 2;
const FIRST_FRAMES = 64;
const CURSOR = 0;
const TRIED = 1;
const TRAIL_LENGTH = 2;
const BASE = 3;
const FRAME_HEAD = 4;

/** {@link Position.tried} where nothing was tried first, and before that was looked for. */
export const NONE = -1;
export const UNSET = -2;

/**
 * The configuration that a search stands at, and the way back to its first one. `head` is the front (the first
 * operation in the order of completion that is not done), the state of the object, and a mask of what is done beyond
 * the front; `used` counts the unfinished operations by kind.
 */
export class Position {
  readonly head: Int32Array;
  readonly used: Int16Array;
  readonly #problem: Problem;
  readonly #transitions: Transitions;
  readonly #done: Uint8Array;
  // What is done, in order; an unfinished operation of kind n of `open` is -1 - n.
  readonly #trail: Int32Array;
  #trailLength = 0;
  // A frame a choice: what was tried next to it, and how things stood before it.
  readonly #stride: number;
  #frames: Int32Array;
  #depth = 0;

  constructor(problem: Problem) {
    const { ended, open, words, transitions } = problem;
    this.#problem = problem;
    this.#transitions = transitions;
    this.head = new Int32Array(MASK + words);
    this.used = new Int16Array(open.length);
    this.#done = new Uint8Array(ended.length);
    this.#trail = new Int32Array(open.reduce((sum, { operations }) => sum + operations.length, ended.length));
    this.#stride = FRAME_HEAD + this.head.length;
    this.#frames = new Int32Array(this.#stride * FIRST_FRAMES);
    this.head[STATE] = transitions.first;
    this.#settle();
    this.#push(IMPOSSIBLE);
  }

  get front(): number {
    return this.head[FRONT] as number;
  }

  get state(): number {
    return this.head[STATE] as number;
  }

  /** Choices made, and 1; 0 after the first one was undone. */
  get depth(): number {
    return this.#depth;
  }

  /** Number of the next choice to look at. */
  get cursor(): number {
    return this.#frames[(this.#depth - 1) * this.#stride + CURSOR] as number;
  }

  set cursor(next: number) {
    this.#frames[(this.#depth - 1) * this.#stride + CURSOR] = next;
  }

  /** Number of the operation that was tried before all others, out of its turn. */
  get tried(): number {
    return this.#frames[(this.#depth - 1) * this.#stride + TRIED] as number;
  }

  set tried(number: number) {
    this.#frames[(this.#depth - 1) * this.#stride + TRIED] = number;
  }

  /** State before the unfinished operations that were chosen last in a row; IMPOSSIBLE where there is none. */
  get base(): number {
    return this.#frames[(this.#depth - 1) * this.#stride + BASE] as number;
  }

  isDone(number: number): boolean {
    return this.#done[number] === 1;
  }

  /** Takes an operation by its number, or an unfinished one of kind n of `open` by -1 - n. */
  enter(choice: number): void {
    const { base, state } = this;
    this.#push(base);
    if (choice < 0) {
      const index = -1 - choice;
      this.used[index]!++;
      this.#trail[this.#trailLength++] = choice;
      this.head[STATE] = this.#transitions.step(state, (this.#problem.open[index] as OpenKind).kind);
    } else {
      this.head[STATE] = this.#transitions.step(state, this.#problem.kinds[choice] as number);
      this.#complete(choice);
    }
    const before = this.#trailLength;
    this.#settle();
    // A read that fitted only now is what the unfinished operations were for.
    if (choice >= 0 || this.#trailLength > before) this.#base = IMPOSSIBLE;
    else if (base === IMPOSSIBLE) this.#base = state;
  }

  /** Goes back to how things stood before the last choice. */
  undo(): void {
    const frame = --this.#depth * this.#stride;
    const length = this.#frames[frame + TRAIL_LENGTH] as number;
    while (this.#trailLength > length) {
      const choice = this.#trail[--this.#trailLength] as number;
      if (choice < 0) this.used[-1 - choice]!--;
      else this.#done[choice] = 0;
    }
    for (let index = 0; index < this.head.length; index++)
      this.head[index] = this.#frames[frame + FRAME_HEAD + index] as number;
  }

  /** What is done, in order. */
  trail(): Int32Array {
    return this.#trail.slice(0, this.#trailLength);
  }

  set #base(state: number) {
    this.#frames[(this.#depth - 1) * this.#stride + BASE] = state;
  }

  #push(base: number): void {
    const frame = this.#depth++ * this.#stride;
    if (frame + this.#stride > this.#frames.length) {
      const longer = new Int32Array(this.#frames.length * 2);
      longer.set(this.#frames);
      this.#frames = longer;
    }
    this.#frames[frame + CURSOR] = 0;
    this.#frames[frame + TRIED] = UNSET;
    this.#frames[frame + TRAIL_LENGTH] = this.#trailLength;
    this.#frames[frame + BASE] = base;
    for (let index = 0; index < this.head.length; index++)
      this.#frames[frame + FRAME_HEAD + index] = this.head[index] as number;
  }

  #complete(number: number): void {
    this.#done[number] = 1;
    this.#flip(number);
    this.#trail[this.#trailLength++] = number;
  }

  #flip(number: number): void {
    const slot = this.#problem.slots[number] as number;
    this.head[MASK + (slot >>> 5)]! ^= 1 << (slot & 31);
  }

  // Moves the front over what is done, and places every read that fits.
  #settle(): void {
    const { ended, pending, pendingFrom, reads, kinds, hasReads } = this.#problem;
    const state = this.head[STATE] as number;
    for (;;) {
      const from = this.head[FRONT] as number;
      let front = from;
      while (front < ended.length && this.#done[front] === 1) this.#flip(front++);
      this.head[FRONT] = front;
      if (front === ended.length || !hasReads) return;
      for (let index = pendingFrom[front] as number; index < (pendingFrom[front + 1] as number); index++) {
        const number = pending[index] as number;
        if (
          reads[number] === 1 &&
          this.#done[number] === 0 &&
          this.#transitions.step(state, kinds[number] as number) !== IMPOSSIBLE
        )
          this.#complete(number);
      }
      if (front === from && this.#done[front] === 0) return;
    }
  }
}
