import type { Operation } from '../operation.js';
import type { MicroOperation } from '../transactions/log/micro-operation.js';
import { textOf } from './sql-text.js';

/**
 * What registers held before a part of a history began: the value that was read though none of these transactions wrote
 * it. `operations` are the same with `null` in its place. Where there are several of a key the first is taken.
 */
export function takeInitialValues(operations: readonly Operation[]): {
  readonly initial: ReadonlyMap<string, unknown>;
  readonly operations: Operation[];
} {
  const stepsOf = ({ value }: Operation): readonly MicroOperation[] => value as readonly MicroOperation[];
  const written = new Set(
    operations.flatMap((operation) =>
      stepsOf(operation)
        .filter(([f]) => f.endsWith('w'))
        .map(([, key, value]) => JSON.stringify([key, value])),
    ),
  );
  const initial = new Map<string, unknown>();
  for (const [f, key, value] of operations.flatMap(stepsOf)) {
    if (
      !f.endsWith('r') ||
      value === null ||
      value === undefined ||
      Array.isArray(value) ||
      written.has(JSON.stringify([key, value]))
    )
      continue;
    if (!initial.has(textOf(key))) initial.set(textOf(key), value);
  }
  const isInitial = (key: unknown, value: unknown): boolean =>
    value !== null && value !== undefined && initial.get(textOf(key)) === value;
  return {
    initial,
    operations: operations.map((operation) => ({
      ...operation,
      value: stepsOf(operation).map(([f, key, value]) => [
        f,
        key,
        f.endsWith('r') && isInitial(key, value) ? null : value,
      ]),
    })),
  };
}
