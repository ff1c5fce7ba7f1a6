import { hashValue, isEqualValue } from './structure.js';

const NONE = -1;
const FIRST_CAPACITY = 256;

/** Numbers for the states of a model: the same for states that are equal. */
export interface StateTable<State> {
  /** Number of a state, from 0 on in the order in which they are met. */
  numberOf(state: State): number;
  /** State of a number. */
  stateOf(number: number): State;
  /** States met so far. */
  readonly size: number;
  /** Values inside of all these states together, as far as they were looked at. */
  readonly parts: number;
}

/** A table by the keys that a model gives to its states, whose parts are not looked at. */
export function createKeyedStates<State>(keyOf: (state: State) => unknown): StateTable<State> {
  const states: State[] = [];
  const numbers = new Map<unknown, number>();
  return {
    numberOf(state) {
      const key = keyOf(state);
      let number = numbers.get(key);
      if (number === undefined) {
        number = states.push(state) - 1;
        numbers.set(key, number);
      }
      return number;
    },
    stateOf: (number) => states[number] as State,
    get size() {
      return states.length;
    },
    parts: 0,
  };
}

/** A table by the structure of the states: a text of each, as a key, would take longer than the search itself. */
export function createStates<State>(): StateTable<State> {
  const states: State[] = [];
  let capacity = FIRST_CAPACITY;
  let buckets = new Int32Array(capacity * 2).fill(NONE);
  let hashes = new Int32Array(capacity);
  let chain = new Int32Array(capacity);
  const size = { parts: 0 };
  let parts = 0;

  const link = (number: number): void => {
    const bucket = (hashes[number] as number) & (buckets.length - 1);
    chain[number] = buckets[bucket] as number;
    buckets[bucket] = number;
  };
  const grow = (): void => {
    capacity *= 2;
    const known = hashes;
    hashes = new Int32Array(capacity);
    hashes.set(known);
    chain = new Int32Array(capacity);
    buckets = new Int32Array(capacity * 2).fill(NONE);
    for (let number = 0; number < states.length; number++) link(number);
  };

  return {
    numberOf(state) {
      size.parts = 0;
      const hash = hashValue(state, size);
      let number = buckets[hash & (buckets.length - 1)] as number;
      for (; number !== NONE; number = chain[number] as number)
        if (hashes[number] === hash && isEqualValue(states[number], state)) return number;
      if (states.length === capacity) grow();
      number = states.push(state) - 1;
      hashes[number] = hash;
      link(number);
      parts += size.parts;
      return number;
    },
    stateOf: (number) => states[number] as State,
    get size() {
      return states.length;
    },
    get parts() {
      return parts;
    },
  };
}
