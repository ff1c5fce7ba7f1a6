import * as v from 'valibot';
import { section, setting, whole, type About, type Node } from '../schema-node.js';
import { MAX_MS } from './values.js';

/** Budgets of assertions; `about` adds details for a key in this place. */
export const expectations = (about: (key: string) => Partial<About>): Node =>
  section('Assertions.', {
    timeout_ms: whole(0, MAX_MS, {
      description: 'Budget of `expect.poll`, before it is stretched to the machine; 0 until the end of the test.',
      ...about('timeout_ms'),
    }),
    to_pass: section('`toPass`.', {
      timeout_ms: whole(0, MAX_MS, {
        description: 'Budget; 0 until the end of the test.',
        ...about('to_pass.timeout_ms'),
      }),
      intervals_ms: setting(v.pipe(v.array(v.pipe(v.number(), v.minValue(0))), v.minLength(1)), {
        description: 'Pauses between the tries; the last one repeats.',
        allowed: 'a list of numbers',
        ...about('to_pass.intervals_ms'),
      }),
    }),
  });
