import type { History } from '../history.js';
import type { Operation } from '../operation.js';
import { checkTransactions } from '../transactions/check-transactions.js';
import type { MicroOperation } from '../transactions/micro-operation.js';
import type { Anomaly } from '../verdict.js';

/**
 * The smallest part of a history of transactions that still shows an anomaly of this type, with the same checker: its
 * operations, the reads that prove an order, and of each only the steps and elements that matter. What shows it without them
 * is taken away one by one, so that no step is left over.
 */
export function minimalHistory({ operations, faults }: History, anomaly: Anomaly): History {
  const keys = new Set(anomaly.operations.flatMap((operation) => stepsOf(operation).map(([, key]) => key)));
  const witnesses = [...keys].flatMap((key) => longestRead(operations, key) ?? []);
  const chosen = new Set([...anomaly.operations, ...witnesses]);
  const everywhere = writtenBy(operations);
  let kept = project(operations.filter((operation) => chosen.has(operation)), everywhere);
  // Where the part alone does not show it, which only reads of other transactions can do, it stays as it is.
  if (!shows(kept)) return { operations: kept, faults };
  for (let isSmaller = true; isSmaller; ) {
    isSmaller = false;
    for (const smaller of reductions(kept)) {
      const projected = project(smaller, everywhere);
      if (!shows(projected)) continue;
      kept = projected;
      isSmaller = true;
      break;
    }
  }
  return { operations: kept, faults };

  function shows(part: readonly Operation[]): boolean {
    return checkTransactions({ operations: part, faults: [] }).anomalies.some(({ type }) => type === anomaly.type);
  }
}

function* reductions(operations: readonly Operation[]): Generator<Operation[]> {
  for (const left of operations) yield operations.filter((operation) => operation !== left);
  for (const operation of operations) {
    const steps = stepsOf(operation);
    if (steps.length < 2) continue;
    for (const left of steps) yield operations.map((other) => (other === operation ? { ...operation, value: steps.filter((step) => step !== left) } : other));
  }
}

// Lists leave out what this part does not write, so that nothing comes out of nowhere that did not in the whole.
function project(part: readonly Operation[], everywhere: ReadonlySet<string>): Operation[] {
  const here = writtenBy(part);
  const isLeft = (key: unknown, element: unknown): boolean => here.has(nameOf(key, element)) || !everywhere.has(nameOf(key, element));
  return part.map((operation) => ({
    ...operation,
    value: stepsOf(operation).map(([f, key, value]) => [f, key, Array.isArray(value) ? value.filter((element: unknown) => isLeft(key, element)) : value]),
  }));
}

function writtenBy(operations: readonly Operation[]): Set<string> {
  return new Set(operations.flatMap((operation) => stepsOf(operation).filter(([f]) => f.endsWith('append')).map(([, key, element]) => nameOf(key, element))));
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
