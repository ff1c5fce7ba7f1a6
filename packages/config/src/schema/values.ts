import * as v from 'valibot';
import { setting, type About, type Node } from '../schema-node.js';

/** Text that can be passed to a program: not empty, and without a NUL. */
export const TEXT: v.GenericSchema<string> = v.pipe(v.string(), v.nonEmpty(), v.excludes('\0'));

/** The longest delay of a timer, in milliseconds. */
export const MAX_MS: number = 2 ** 31 - 1;

/** A regular expression for titles and tags. */
export const PATTERN: Node = setting(v.pipe(v.string(), v.regex(/^\/.+\/[a-z]*$/)), {
  description: 'Only tests whose titles and tags match.',
  allowed: 'a regular expression, /like this/',
  defaultText: 'all',
});

/** A number of tests at a time, or a share of the CPUs. */
export const workers = (about: Omit<About, 'allowed'>): Node =>
  setting(
    v.union([v.pipe(v.number(), v.safeInteger(), v.minValue(1)), v.pipe(v.string(), v.regex(/^(100|[1-9]\d?)%$/))]),
    { allowed: 'a whole number ≥ 1, or a percentage of the usable CPUs such as 50%', ...about },
  );
