import { endOfString } from './json-string.js';

/** Objects with more keys than that look them up by hash. */
const FEW_KEYS = 12;

/** A key that an object of a JSON text has twice, and the offset of its second place, in characters. */
export interface RepeatedKey {
  readonly key: string;
  readonly at: number;
}

/** The first repeated key of a text that is JSON: `JSON.parse` takes the last of its values without a word. */
export function repeatedKey(text: string): RepeatedKey | undefined {
  const open: (Keys | undefined)[] = [];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x7b) open.push(new Keys());
    else if (code === 0x5b) open.push(undefined);
    else if (code === 0x7d || code === 0x5d) open.pop();
    else if (code === 0x22) {
      const start = at;
      at = endOfString(text, start);
      const keys = open.at(-1);
      if (keys === undefined || !isColonNext(text, at + 1)) continue;
      const raw = text.slice(start + 1, at);
      const key = raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string) : raw;
      if (!keys.add(key)) return { key, at: start };
    }
  }
  return undefined;
}

class Keys {
  readonly #few: string[] = [];
  #many: Set<string> | undefined;

  /** False if the object has the key already. */
  add(key: string): boolean {
    if (this.#many === undefined) {
      if (this.#few.includes(key)) return false;
      this.#few.push(key);
      if (this.#few.length > FEW_KEYS) this.#many = new Set(this.#few);
      return true;
    }
    if (this.#many.has(key)) return false;
    this.#many.add(key);
    return true;
  }
}

function isColonNext(text: string, from: number): boolean {
  for (let at = from; ; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x3a) return true;
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return false;
  }
}
