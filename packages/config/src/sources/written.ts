import { isMap } from '../raw-config.js';

/**
 * A number or a boolean of a file, with its original text: `1.10` means 1.1 as a number, but `1.10` as an environment
 * variable.
 */
export class Written {
  readonly value: number | boolean | bigint;
  readonly text: string;

  constructor(value: number | boolean | bigint, text: string) {
    this.value = value;
    this.text = text;
  }
}

/** Replaces every written value by its meaning: numbers become numbers. */
export function meantValue(data: unknown): unknown {
  return replaced(data, ({ value }) => value);
}

/** Replaces every written value by its text, letter by letter. */
export function writtenText(data: unknown): unknown {
  return replaced(data, ({ text }) => text);
}

// The configuration of a program may contain itself. `done` maps each object to its copy.
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
