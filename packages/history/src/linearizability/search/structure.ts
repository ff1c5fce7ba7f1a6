import { identify } from '../../identify.js';

const NUMBER = new Float64Array(1);
const NUMBER_WORDS = new Int32Array(NUMBER.buffer);
const [NOTHING, TRUE, FALSE, LIST, OBJECT, COLLECTION] = [1, 2, 3, 4, 5, 6];

type Fields = Readonly<Record<string, unknown>>;

/**
 * A hash of a value: the same for values that {@link isEqualValue} calls equal. Adds to `size.parts` how many values
 * there are inside of it, and 1.
 */
export function hashValue(value: unknown, size: { parts: number }): number {
  size.parts++;
  if (typeof value === 'number') return hashNumber(value);
  if (typeof value === 'string') return hashText(value);
  if (value === undefined || value === null) return NOTHING;
  if (typeof value === 'boolean') return value ? TRUE : FALSE;
  if (Array.isArray(value)) {
    let hash = LIST;
    for (const item of value as unknown[]) hash = mix(hash, hashValue(item, size));
    return hash;
  }
  if (typeof value !== 'object' || isOpaque(value)) return hashText(String(identify(value)));
  if (value instanceof Map || value instanceof Set) return mix(COLLECTION, hashItems(value, size));
  let hash = OBJECT;
  // A sum, for the order of the keys says nothing.
  for (const key of Object.keys(value)) {
    const field = (value as Fields)[key];
    if (field !== undefined) hash = (hash + mix(hashText(key), hashValue(field, size))) | 0;
  }
  return hash;
}

/**
 * Equality by structure, as `identify()` has it: `undefined` counts as `null`, a field that is `undefined` as absent,
 * -0 as 0. Of a `Map` or `Set` the order says nothing either. Two numbers that are none (`NaN`) are equal.
 */
export function isEqualValue(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null)
    return (one ?? null) === (other ?? null) || (Number.isNaN(one) && Number.isNaN(other));
  if (Array.isArray(one) || Array.isArray(other))
    return Array.isArray(one) && Array.isArray(other) && isEqualList(one, other);
  if (isOpaque(one) || isOpaque(other)) return identify(one) === identify(other);
  if (one instanceof Map) return other instanceof Map && one.size === other.size && isEqualMap(one, other);
  if (one instanceof Set) return other instanceof Set && one.size === other.size && isEqualSet(one, other);
  if (other instanceof Map || other instanceof Set) return false;
  return isEqualObject(one as Fields, other as Fields);
}

function isEqualList(one: readonly unknown[], other: readonly unknown[]): boolean {
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index++) if (!isEqualValue(one[index], other[index])) return false;
  return true;
}

function isEqualObject(one: Fields, other: Fields): boolean {
  let fields = 0;
  for (const key of Object.keys(one)) {
    if (one[key] === undefined) continue;
    fields++;
    if (!Object.hasOwn(other, key) || other[key] === undefined || !isEqualValue(one[key], other[key])) return false;
  }
  for (const key of Object.keys(other)) if (other[key] !== undefined) fields--;
  return fields === 0;
}

function isEqualMap(one: ReadonlyMap<unknown, unknown>, other: ReadonlyMap<unknown, unknown>): boolean {
  for (const [key, value] of one) {
    // Keys that are objects are looked for by their structure.
    if (typeof key === 'object' && key !== null) return identify(one) === identify(other);
    if (!other.has(key) || !isEqualValue(value, other.get(key))) return false;
  }
  return true;
}

function isEqualSet(one: ReadonlySet<unknown>, other: ReadonlySet<unknown>): boolean {
  for (const item of one) {
    if (typeof item === 'object' && item !== null) return identify(one) === identify(other);
    if (!other.has(item)) return false;
  }
  return true;
}

function hashItems(items: ReadonlyMap<unknown, unknown> | ReadonlySet<unknown>, size: { parts: number }): number {
  let hash = 0;
  if (items instanceof Map)
    for (const [key, value] of items as ReadonlyMap<unknown, unknown>)
      hash = (hash + mix(hashValue(key, size), hashValue(value, size))) | 0;
  else for (const item of items as ReadonlySet<unknown>) hash = (hash + mix(COLLECTION, hashValue(item, size))) | 0;
  return hash;
}

// Only its text tells such an object from another.
function isOpaque(value: object): boolean {
  return typeof (value as { toJSON?: unknown }).toJSON === 'function';
}

function hashNumber(value: number): number {
  if ((value | 0) === value) return mix(7, value);
  NUMBER[0] = value;
  return mix(NUMBER_WORDS[0] as number, NUMBER_WORDS[1] as number);
}

function hashText(text: string): number {
  let hash = 8;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash ^ (hash >>> 15);
}

function mix(hash: number, part: number): number {
  const mixed = Math.imul(hash ^ part, 0x85ebca6b);
  return (Math.imul(mixed ^ (mixed >>> 15), 0xc2b2ae35) + part) | 0;
}
