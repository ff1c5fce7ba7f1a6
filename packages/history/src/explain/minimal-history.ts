import type { History } from '../history.js';
import type { Operation } from '../operation.js';
import { checkTransactions } from '../transactions/check-transactions.js';
import type { MicroOperation } from '../transactions/log/micro-operation.js';
import type { Anomaly } from '../verdict.js';

/** Beyond this many transactions on an anomaly's keys, only its own and those that they read from are tried. */
const MOST_CANDIDATES = 2000;

/**
 * The smallest part of a history of transactions that still shows an anomaly of this type, with the same checker: its
 * operations, the reads that prove an order, and of each only the steps and elements that matter. What shows it without
 * them is taken away, first by halves and in the end one by one, so that none is left over. Of an anomaly of other
 * operations: those that it names.
 */
export function minimalHistory({ operations, faults }: History, anomaly: Anomaly): History {
  if (anomaly.operations.some(({ f }) => f !== 'txn')) {
    const named = new Set(anomaly.operations);
    return { operations: operations.filter((operation) => named.has(operation)), faults };
  }
  const everywhere = writtenBy(operations);
  const shows = (part: readonly Operation[]): boolean =>
    checkTransactions({ operations: part, faults: [] }).anomalies.some(({ type }) => type === anomaly.type);
  for (const candidates of candidatesOf(operations, anomaly)) {
    const part = project(candidates, everywhere);
    if (shows(part)) return { operations: reduce(part, (smaller) => project(smaller, everywhere), shows), faults };
  }
  return { operations: project(anomaly.operations, everywhere), faults };
}

// Ever larger parts of the history: what the anomaly names, what that read from, all that touched the same keys.
function* candidatesOf(operations: readonly Operation[], anomaly: Anomaly): Generator<Operation[]> {
  const keys = new Set(anomaly.operations.flatMap((operation) => stepsOf(operation).map(([, key]) => key)));
  const named = new Set([...anomaly.operations, ...[...keys].flatMap((key) => longestRead(operations, key) ?? [])]);
  yield operations.filter((operation) => named.has(operation));
  const read = new Set(
    [...named].flatMap((operation) =>
      stepsOf(operation).flatMap(([, key, value]) =>
        Array.isArray(value) ? value.map((element) => nameOf(key, element)) : [nameOf(key, value)],
      ),
    ),
  );
  const touching = operations.filter(
    (operation) => named.has(operation) || stepsOf(operation).some(([, key]) => keys.has(key)),
  );
  yield touching.filter(
    (operation) =>
      named.has(operation) ||
      stepsOf(operation).some(([f, key, value]) => !f.endsWith('r') && read.has(nameOf(key, value))),
  );
  if (touching.length <= MOST_CANDIDATES) yield touching;
}

function reduce(
  whole: Operation[],
  project: (part: Operation[]) => Operation[],
  shows: (part: readonly Operation[]) => boolean,
): Operation[] {
  let kept = whole;
  for (let size = Math.ceil(kept.length / 2); ; size = Math.ceil(size / 2)) {
    for (let at = 0; at < kept.length;) {
      const smaller = project(kept.toSpliced(at, size));
      if (smaller.length > 0 && shows(smaller)) kept = smaller;
      else at += size;
    }
    if (size <= 1) break;
  }
  for (let at = 0; at < kept.length; at++) {
    for (let step = 0; step < stepsOf(kept[at]!).length;) {
      const smaller = project(kept.with(at, { ...kept[at]!, value: stepsOf(kept[at]!).toSpliced(step, 1) }));
      if (shows(smaller)) kept = smaller;
      else step++;
    }
  }
  return kept;
}

// Lists leave out what this part does not write, so that nothing comes out of nowhere that did not in the whole.
function project(part: readonly Operation[], everywhere: ReadonlySet<string>): Operation[] {
  const here = writtenBy(part);
  const isLeft = (key: unknown, element: unknown): boolean =>
    here.has(nameOf(key, element)) || !everywhere.has(nameOf(key, element));
  return part.map((operation) => ({
    ...operation,
    value: stepsOf(operation).map(([f, key, value]) => [
      f,
      key,
      Array.isArray(value) ? value.filter((element: unknown) => isLeft(key, element)) : value,
    ]),
  }));
}

function writtenBy(operations: readonly Operation[]): Set<string> {
  return new Set(
    operations.flatMap((operation) =>
      stepsOf(operation)
        .filter(([f]) => f.endsWith('append'))
        .map(([, key, element]) => nameOf(key, element)),
    ),
  );
}

function nameOf(key: unknown, element: unknown): string {
  return JSON.stringify([key, element]);
}

function longestRead(operations: readonly Operation[], key: unknown): Operation | undefined {
  let longest: Operation | undefined;
  let length = 0;
  for (const operation of operations) {
    if (operation.f !== 'txn' || operation.type !== 'ok') continue;
    for (const [f, other, value] of stepsOf(operation)) {
      if (other !== key || f.endsWith('append') || !Array.isArray(value) || value.length <= length) continue;
      longest = operation;
      length = value.length;
    }
  }
  return longest;
}

function stepsOf({ value }: Operation): readonly MicroOperation[] {
  return Array.isArray(value) ? (value as readonly MicroOperation[]) : [];
}
