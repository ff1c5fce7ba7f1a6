import { formatValue } from '../../describe/format-value.js';
import { identify } from '../../identify.js';
import type { Operation } from '../../operation.js';
import type { SequentialModel } from '../models/sequential-model.js';
import { createKeyedStates, createStates } from './state-table.js';
import { createStepCache, UNTRIED, type StepCache } from './step-cache.js';

/** Result of {@link Transitions.step} if the model forbids the operation. */
export const IMPOSSIBLE = -1;

/**
 * A model with its states and its operations numbered, so that the search compares and stores integers, and each step
 * is taken once.
 */
export interface Transitions {
  /** Number of the operation's kind: the same for operations that the model cannot tell apart. */
  kindOf(operation: Operation): number;
  /** State after an operation of this kind, or {@link IMPOSSIBLE}. */
  step(state: number, kind: number): number;
  /** States met so far. */
  readonly states: number;
  /** Values inside of all these states together. */
  readonly parts: number;
  /** Number of the model's first state. */
  readonly first: number;
  /** The state in words: `held 3`. */
  describe(state: number): string;
}

/** Numbers the states of a model as they are met. */
export function numberTransitions<State>(model: SequentialModel<State>): Transitions {
  const kinds = new Map<unknown, number>();
  const samples: Operation[] = [];
  const states =
    model.key === undefined ? createStates<State>() : createKeyedStates<State>((state) => model.key?.(state));
  // Made at the first step, when all kinds are known.
  let taken: StepCache | undefined;

  return {
    first: states.numberOf(model.init()),
    get states() {
      return states.size;
    },
    get parts() {
      return states.parts;
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
      taken ??= createStepCache(samples.length);
      let after = taken.get(state, kind);
      if (after === UNTRIED) {
        const left = model.step(states.stateOf(state), samples[kind] as Operation);
        after = left === undefined ? IMPOSSIBLE : states.numberOf(left);
        taken.put(state, kind, after);
      }
      return after;
    },
    describe: (state) => model.describe?.(states.stateOf(state)) ?? `was ${formatValue(states.stateOf(state))}`,
  };
}
