import * as v from 'valibot';
import { setting, type About, type Node } from '../schema-node.js';

/** Text that can be passed to a program: not empty, and without a NUL. */
export const TEXT: v.GenericSchema<string> = v.pipe(v.string(), v.nonEmpty(), v.excludes('\0'));

/** The longest delay of a timer, in milliseconds. */
export const MAX_MS: number = 2 ** 31 - 1;

const EXPRESSION = v.pipe(v.string(), v.regex(/^\/.+\/[a-z]*$/), v.check(isExpression));

/** Regular expressions for titles and tags. */
export const patterns = (about: Pick<About, 'description' | 'defaultText'>): Node =>
  setting(v.union([EXPRESSION, v.array(EXPRESSION)]), {
    ...about,
    allowed: 'a regular expression, /like this/, or a list of them',
  });

function isExpression(text: string): boolean {
  const [, source, flags] = /^\/(.+)\/([a-z]*)$/.exec(text) ?? [];
  try {
    return source !== undefined && new RegExp(source, flags) instanceof RegExp;
  } catch {
    return false;
  }
}

/** A number of tests at a time, or a share of the CPUs. */
export const workers = (about: Omit<About, 'allowed'>): Node =>
  setting(
    v.union([v.pipe(v.number(), v.safeInteger(), v.minValue(1)), v.pipe(v.string(), v.regex(/^(100|[1-9]\d?)%$/))]),
    { allowed: 'a whole number ≥ 1, or a percentage of the usable CPUs such as 50%', ...about },
  );
