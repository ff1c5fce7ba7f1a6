import { identify } from '../identify.js';
import type { Operation } from '../operation.js';
import type { SequentialModel } from './sequential-model.js';

/** Result of {@link Transitions.step} if the model forbids the operation. */
export const IMPOSSIBLE = -1;
const UNKNOWN = -2;
// Above, a row of all kinds for each state would be mostly empty.
const MOST_KINDS_IN_A_ROW = 256;

/**
 * A model with its states and its operations numbered, so that the search compares and stores integers, and each step
 * is taken once.
 */
export interface Transitions {
  /** Number of the operation's kind: the same for operations that the model cannot tell apart. */
  kindOf(operation: Operation): number;
  /** State after an operation of this kind, or {@link IMPOSSIBLE}. */
  step(state: number, kind: number): number;
  /** States met so far. */ readonly size: number;
  /** Number of the model's first state. */ readonly first: number;
  /** The operation that stands for its kind. */ sample(kind: number): Operation;
  /** The state in words: `held 3`. */ describe(state: number): string;
}

/** Numbers the states of a model as they are met. */
export function numberTransitions<State>(model: SequentialModel<State>): Transitions {
  const kinds = new Map<unknown, number>();
  const samples: Operation[] = [];
  const states: State[] = [];
  const numbers = new Map<unknown, number>();
  const rows: Int32Array[] = [];
  const cells = new Map<number, number>();

  const number = (state: State): number => {
    const key = model.key === undefined ? identify(state) : model.key(state);
    let known = numbers.get(key);
    if (known === undefined) {
      known = states.push(state) - 1;
      numbers.set(key, known);
    }
    return known;
  };
  const take = (state: number, kind: number): number => {
    const after = model.step(states[state] as State, samples[kind] as Operation);
    return after === undefined ? IMPOSSIBLE : number(after);
  };

  return {
    first: number(model.init()),
    get size() {
      return states.length;
    },
    kindOf(operation) {
      const { f, value, type, process } = operation;
      const key = identify([f, type, value, model.byProcess === true ? process : null]);
      let known = kinds.get(key);
      if (known === undefined) {
        known = samples.push(operation) - 1;
        kinds.set(key, known);
      }
      return known;
    },
    step(state, kind) {
      if (samples.length > MOST_KINDS_IN_A_ROW) {
        const cell = state * samples.length + kind;
        let after = cells.get(cell);
        if (after === undefined) {
          after = take(state, kind);
          cells.set(cell, after);
        }
        return after;
      }
      const row = (rows[state] ??= new Int32Array(samples.length).fill(UNKNOWN));
      let after = row[kind] as number;
      if (after === UNKNOWN) {
        after = take(state, kind);
        row[kind] = after;
      }
      return after;
    },
    sample: (kind) => samples[kind] as Operation,
    describe: (state) => model.describe?.(states[state] as State) ?? `was ${JSON.stringify(states[state])}`,
  };
}
