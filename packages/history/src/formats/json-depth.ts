import { endOfString } from './json-string.js';

/** Deeper values are refused: what goes through a value by recursion must not run out of stack. */
export const MOST_JSON_DEPTH = 500;

/** Offset at which a JSON text first nests deeper than that, in characters; -1 if it never does. */
export function tooDeepAt(text: string): number {
  // Each level takes two characters.
  if (text.length < 2 * MOST_JSON_DEPTH) return -1;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) at = endOfString(text, at);
    else if (code === 0x5b || code === 0x7b) {
      if (++depth > MOST_JSON_DEPTH) return at;
    } else if (code === 0x5d || code === 0x7d) depth--;
  }
  return -1;
}
