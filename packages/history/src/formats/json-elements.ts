import type { EventPlace } from './event-collector.js';
import { endOfString } from './json-string.js';

/** Positions of the elements of an array, given as its JSON text, which was parsed before. */
export function* jsonElements(text: string): Generator<EventPlace, void> {
  let [depth, line, lineStart] = [0, 1, 0];
  let isBefore = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (character === '\n') {
      line++;
      lineStart = at + 1;
    }
    if (/\s/.test(character)) continue;
    if (depth === 1 && isBefore && character !== ']') {
      isBefore = false;
      yield { line, column: at - lineStart + 1 };
    }
    if (character === '"') at = endOfString(text, at);
    else if (character === '[' || character === '{') isBefore = ++depth === 1;
    else if (character === ']' || character === '}') depth--;
    else if (character === ',' && depth === 1) isBefore = true;
  }
}
