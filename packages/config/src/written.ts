import { isMap } from './raw-config.js';

/** A number or a truth value of a file, with the text that stands there: `1.10` is 1.1, and an environment variable `1.10`. */
export class Written {
  readonly value: number | boolean | bigint;
  readonly text: string;

  constructor(value: number | boolean | bigint, text: string) {
    this.value = value;
    this.text = text;
  }
}

/** What a file means: numbers are numbers. */
export function meantValue(data: unknown): unknown {
  return replaced(data, ({ value }) => value);
}

/** What stands in a file, letter by letter: numbers are the text that was written. */
export function writtenText(data: unknown): unknown {
  return replaced(data, ({ text }) => text);
}

// An object may hold itself: the configuration of a program may be anything. `done` has what became of each.
function replaced(data: unknown, by: (written: Written) => unknown, done = new Map<object, unknown>()): unknown {
  if (data instanceof Written) return by(data);
  if (typeof data !== 'object' || data === null) return data;
  if (done.has(data)) return done.get(data);
  if (Array.isArray(data)) {
    const list: unknown[] = [];
    done.set(data, list);
    for (const each of data) list.push(replaced(each, by, done));
    return list;
  }
  if (!isMap(data) || Object.getPrototypeOf(data) !== Object.prototype) return data;
  const map: Record<string, unknown> = {};
  done.set(data, map);
  for (const [key, each] of Object.entries(data))
    Object.defineProperty(map, key, {
      value: replaced(each, by, done),
      enumerable: true,
      writable: true,
      configurable: true,
    });
  return map;
}
