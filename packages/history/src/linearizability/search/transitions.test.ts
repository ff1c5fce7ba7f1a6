import { expect, it } from 'vitest';
import type { Operation } from '../../operation.js';
import { IMPOSSIBLE, numberTransitions } from './transitions.js';

const add = (value: number): Operation => ({
  process: 0,
  f: 'add',
  type: 'ok',
  value,
  invoked: 0,
  completed: 1,
  invokedNs: 0,
  completedNs: 1,
});

it('takes each step once, and gives equal states one number, however many there are', () => {
  let taken = 0;
  const transitions = numberTransitions<readonly [number, { readonly sum: number }]>({
    name: 'sum',
    init: () => [0, { sum: 0 }],
    step([count, { sum }], { value }) {
      taken++;
      const next = sum + (value as number);
      return next > 3000 ? undefined : [(count + 1) % 1, { sum: next }];
    },
  });
  const kinds = Array.from({ length: 300 }, (_, value) => transitions.kindOf(add(value)));
  const one = kinds[1] as number;
  let state = transitions.first;
  const states = [state];
  for (let count = 0; count < 3000; count++) states.push((state = transitions.step(state, one)));
  expect(new Set(states).size).toBe(3001);
  expect(transitions.step(state, one)).toBe(IMPOSSIBLE);
  expect(transitions.step(state, kinds[0] as number)).toBe(state);
  expect(transitions.step(states[10] as number, kinds[290] as number)).toBe(states[300]);
  const before = taken;
  for (const known of states) transitions.step(known, one);
  expect([taken, before]).toEqual([3003, 3003]);
  expect([transitions.states, transitions.parts]).toEqual([3001, 3001 * 4]);
});

it('lets a model say which states are equal', () => {
  const transitions = numberTransitions<{ readonly sum: number; readonly note: string }>({
    name: 'sum',
    init: () => ({ sum: 0, note: 'first' }),
    step: ({ sum }, { value }) => ({ sum: (sum + (value as number)) % 2, note: `${sum}` }),
    key: ({ sum }) => sum,
  });
  const two = transitions.kindOf(add(2));
  expect(transitions.step(transitions.first, two)).toBe(transitions.first);
});
