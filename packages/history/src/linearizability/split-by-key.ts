import { identify } from '../identify.js';
import type { Operation } from '../operation.js';

/** The operations on one independent object. */
export interface Part {
  /** Absent where the history is about one object. */
  readonly key?: unknown;
  readonly operations: readonly Operation[];
  /** The value of one of them, without the key. */
  valueOf(operation: Operation): unknown;
}

/** The operation with its value without the key. */
export function unwrap(part: Part, operation: Operation): Operation {
  return 'key' in part ? { ...operation, value: part.valueOf(operation) } : operation;
}

/**
 * Splits a history by key, for objects that do not know of each other can be judged one by one (P-compositionality). A
 * value names its key as `[key, value]` (Jepsen's independent tuples) or as `{ key, value }`. Where `independent` is
 * not given, a history is taken to do so if every operation's value has that form (and a `cas` has a pair inside).
 */
export function splitByKey(operations: readonly Operation[], independent?: boolean): Part[] {
  if (!(independent ?? looksKeyed(operations))) return [{ operations, valueOf: ({ value }) => value }];
  const parts = new Map<unknown, { key: unknown; operations: Operation[]; valueOf: Part['valueOf'] }>();
  for (const operation of operations) {
    if (isEmpty(operation)) continue;
    const key = keyOf(operation);
    const id = typeof key === 'number' ? key : identify(key);
    const part = parts.get(id);
    if (part === undefined) parts.set(id, { key, operations: [operation], valueOf });
    else part.operations.push(operation);
  }
  return [...parts.values()];
}

interface Keyed {
  readonly key: unknown;
  readonly value: unknown;
}

function looksKeyed(operations: readonly Operation[]): boolean {
  return operations.every((operation) => isKeyed(operation) || isEmpty(operation)) && operations.some(isKeyed);
}

// Neither asked nor answered anything that names a key: such is a read that was lost, in some logs. It says nothing.
function isEmpty({ value, type }: Operation): boolean {
  return type !== 'ok' && (value ?? null) === null;
}

function isKeyed({ f, value }: Operation): boolean {
  if (f === 'txn' || typeof value !== 'object' || value === null) return false;
  const inner = Array.isArray(value)
    ? value.length === 2
      ? { value: value[1] as unknown }
      : undefined
    : 'key' in value && 'value' in value
      ? (value as Keyed)
      : undefined;
  return inner !== undefined && (f !== 'cas' || Array.isArray(inner.value));
}

function keyOf({ f, value }: Operation): unknown {
  if (Array.isArray(value)) return value[0];
  if (typeof value === 'object' && value !== null && 'key' in value) return value.key;
  throw new TypeError(
    `Cannot tell the key of an operation: current value of the ${f} is ${JSON.stringify(value)}, ` +
      'it must be [key, value] or { key, value }',
  );
}

function valueOf({ value }: Operation): unknown {
  return Array.isArray(value) ? (value[1] as unknown) : (value as Keyed).value;
}
