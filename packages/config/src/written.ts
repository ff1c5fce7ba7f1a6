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

function replaced(data: unknown, by: (written: Written) => unknown): unknown {
  if (data instanceof Written) return by(data);
  if (Array.isArray(data)) return data.map((each) => replaced(each, by));
  if (!isMap(data) || Object.getPrototypeOf(data) !== Object.prototype) return data;
  return Object.fromEntries(Object.entries(data).map(([key, each]) => [key, replaced(each, by)]));
}
