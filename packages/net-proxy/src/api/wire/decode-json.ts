import { badBody } from './api-error.js';

/** A parsed JSON value. */
export type Decoded = null | boolean | number | string | readonly Decoded[] | { readonly [key: string]: Decoded };

/**
 * Reads the first JSON value of a body, like Go's stream decoder: the rest is ignored. Throws an `ApiError` 400 with
 * Go's message, which clients of Toxiproxy may show or compare.
 */
export function decodeJson(text: string): Decoded {
  if (text.trim() === '') throw badBody('EOF');
  try {
    return JSON.parse(text) as Decoded;
  } catch (error) {
    const end = /after JSON at position (\d+)/.exec((error as Error).message);
    if (end) return JSON.parse(text.slice(0, Number(end[1]))) as Decoded;
    throw badBody(inWordsOfGo(text, (error as Error).message));
  }
}

function inWordsOfGo(text: string, message: string): string {
  const token = /^Unexpected token '(.)'/u.exec(message)?.[1];
  const position = Number(
    /position (\d+)/.exec(message)?.[1] ?? (token === undefined ? text.length : text.indexOf(token)),
  );
  if (position >= text.trimEnd().length) return 'unexpected EOF';
  const where =
    Object.entries(EXPECTED).find(([start]) => message.startsWith(start))?.[1] ?? 'looking for beginning of value';
  return `invalid character '${text[position] === "'" ? "\\'" : text[position]}' ${where}`;
}

/** V8's messages, and Go's message for each. */
const EXPECTED = {
  'Expected property name': 'looking for beginning of object key string',
  'Expected double-quoted': 'looking for beginning of object key string',
  "Expected ':'": 'after object key',
  "Expected ',' or '}'": 'after object key:value pair',
  "Expected ',' or ']'": 'after array element',
};

/**
 * The fields of an object; `null` has none. Throws an `ApiError` 400 for any other value. `type` is Go's name for the
 * object, `place` the path of its fields.
 */
export function fieldsOf(value: Decoded, type: string, place: string = type.slice(type.lastIndexOf('.') + 1)): Fields {
  if (value === null) return new Fields(place, {});
  if (typeof value !== 'object' || Array.isArray(value))
    throw badBody(`json: cannot unmarshal ${kindOf(value)} into Go value of type ${type}`);
  return new Fields(place, value as Readonly<Record<string, Decoded>>);
}

/**
 * Typed access to the fields of an object. A field that is missing or `null` is `undefined`; one of another type throws
 * an `ApiError` 400.
 */
export class Fields {
  readonly #place: string;
  readonly #values: ReadonlyMap<string, Decoded>;

  constructor(place: string, values: Readonly<Record<string, Decoded>>) {
    this.#place = place;
    // Go ignores the case of keys.
    this.#values = new Map(Object.entries(values).map(([key, value]) => [key.toLowerCase(), value]));
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  string(name: string): string | undefined {
    return this.#get(name, 'string', (value) => typeof value === 'string') as string | undefined;
  }

  boolean(name: string): boolean | undefined {
    return this.#get(name, 'bool', (value) => typeof value === 'boolean') as boolean | undefined;
  }

  number(name: string, type = 'float32'): number | undefined {
    return this.#get(name, type, (value) => typeof value === 'number' && Number.isFinite(value)) as number | undefined;
  }

  integer(name: string, type = 'int64'): number | undefined {
    const value = this.number(name, type);
    if (value !== undefined && !Number.isSafeInteger(value))
      throw badBody(
        `json: cannot unmarshal number ${value} into Go struct field ${this.#place}.${name} of type ${type}`,
      );
    return value;
  }

  /** `type` is Go's name for the field, `place` the path of its own fields. */
  object(name: string, type: string, place: string): Fields | undefined {
    const value = this.#get(name, type, (one) => typeof one === 'object' && !Array.isArray(one));
    return value === undefined ? undefined : new Fields(place, value as Readonly<Record<string, Decoded>>);
  }

  array(name: string): readonly Decoded[] | undefined {
    return this.#get(name, 'array', Array.isArray) as readonly Decoded[] | undefined;
  }

  #get(name: string, type: string, fits: (value: Decoded) => boolean): Decoded | undefined {
    const value = this.#values.get(name);
    if (value === undefined || value === null) return undefined;
    if (!fits(value))
      throw badBody(
        `json: cannot unmarshal ${kindOf(value)} into Go struct field ${this.#place}.${name} of type ${type}`,
      );
    return value;
  }
}

function kindOf(value: Decoded): string {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}
