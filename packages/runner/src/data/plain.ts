import { inspect, types } from 'node:util';
import type { Json } from '@chaos/spec';

/** Longest text in a message, in characters; longer ones are cut. */
export const MAX_TEXT: number = 2 ** 24;

/** The same for text that people read: the beginning must be enough. */
export const MAX_READ: number = 2 ** 23;

const { isBooleanObject, isNumberObject, isStringObject } = types;

const MAX_DEPTH = 400;
const MAX_VALUES = 100_000;

/**
 * Converts any value to data that JSON can carry. JSON values come out as JSON would produce them; everything else
 * (BigInt, cycle, symbol, revoked proxy, a getter or `toJSON` that throws, a text of 500 MB, very deep nesting) becomes
 * a text that describes it. Never throws.
 */
export function toPlain(value: unknown): Json {
  return plain(value, '', { around: [], left: MAX_VALUES }) ?? null;
}

/** The value itself if JSON can carry it, else the result of {@link toPlain}. */
export function carried<T>(value: T): T {
  try {
    JSON.stringify(value);
    return value;
  } catch {
    return toPlain(value) as T;
  }
}

/** Any value as text for people, at most 2,000 characters. Never throws. */
export function printed(value: unknown): string {
  try {
    return inspect(value, { depth: 3, breakLength: 120 }).slice(0, 2000);
  } catch {
    return `[a ${typeof value} that cannot be printed]`;
  }
}

/** Limits the length of a text; its end says how much was cut. */
export function cut(text: string, most: number = MAX_READ): string {
  return text.length <= most ? text : `${text.slice(0, most)}… (cut: it has ${text.length} characters)`;
}

/** State of the conversion: the enclosing objects, and the number of values still allowed. */
interface Walk {
  readonly around: object[];
  left: number;
}

// JSON leaves `undefined` out.
function plain(value: unknown, key: string, walk: Walk): Json | undefined {
  try {
    const given = hasToJson(value) ? value.toJSON(key) : value;
    if (typeof given === 'string') return cut(given, MAX_TEXT);
    if (typeof given === 'number') return Number.isFinite(given) ? given : null;
    if (typeof given === 'boolean' || given === null) return given;
    if (typeof given === 'bigint' || typeof given === 'symbol') return printed(given);
    if (typeof given !== 'object') return undefined;
    if (isNumberObject(given) || isStringObject(given) || isBooleanObject(given))
      return plain(given.valueOf(), key, walk);
    if (walk.around.includes(given)) return '[Circular]';
    if (walk.around.length === MAX_DEPTH || walk.left <= 0) return '[more than can be told]';
    walk.around.push(given);
    try {
      return members(given, walk);
    } finally {
      walk.around.pop();
    }
  } catch (error) {
    return `[cannot be read: ${messageOf(error)}]`;
  }
}

function members(value: object, walk: Walk): Json {
  if (Array.isArray(value)) {
    walk.left -= value.length;
    return Array.from(value, (each: unknown, index) => plain(each, String(index), walk) ?? null);
  }
  const keys = Object.keys(value);
  walk.left -= keys.length;
  return Object.fromEntries(
    keys.flatMap((key) => {
      const member = plain(read(value, key), key, walk);
      return member === undefined ? [] : [[key, member] as const];
    }),
  );
}

function read(value: object, key: string): unknown {
  try {
    return (value as Record<string, unknown>)[key];
  } catch (error) {
    return `[cannot be read: ${messageOf(error)}]`;
  }
}

function hasToJson(value: unknown): value is { toJSON(key: string): unknown } {
  return (
    ((typeof value === 'object' && value !== null) || typeof value === 'bigint') &&
    typeof (value as { toJSON?: unknown }).toJSON === 'function'
  );
}

function messageOf(error: unknown): string {
  try {
    return String((error as Error).message);
  } catch {
    return 'it throws';
  }
}
