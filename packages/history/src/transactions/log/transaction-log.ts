import type { Operation } from '../../operation.js';
import { bytes, integers } from './columns.js';
import { isWrite } from './micro-operation.js';
import type { MicroOperation, MicroOperationKind } from './micro-operation.js';

/** The outcome of a transaction, as a byte. */
export const OK = 0;
export const FAIL = 1;
export const INFO = 2;

/**
 * The transactions of a history in columns, by their invocation. Transactions, keys and steps are small integers, so
 * that the checkers work on typed arrays and a million transactions stay small.
 */
export interface TransactionLog {
  readonly operations: readonly Operation[];
  readonly outcome: Uint8Array;
  /** Steps of transaction t: `firstStep[t]` up to `firstStep[t + 1]`. */
  readonly firstStep: Int32Array;
  readonly stepWrites: Uint8Array;
  readonly stepKey: Int32Array;
  /** What was written, or the result of the read as it is in the history. */
  readonly stepValue: readonly unknown[];
  readonly stepOwner: Int32Array;
  readonly keys: readonly unknown[];
}

const OUTCOMES = { ok: OK, fail: FAIL, info: INFO } as const;

/** Takes the transactions (`f` is `txn`) out of a history. Throws `TypeError` for a step that is none of this kind. */
export function readTransactions(all: readonly Operation[], kind: MicroOperationKind): TransactionLog {
  const taken = all.every(({ f }) => f === 'txn') ? all : all.filter(({ f }) => f === 'txn');
  const operations = isOrdered(taken) ? taken : taken.toSorted((a, b) => a.invoked - b.invoked);
  let steps = 0;
  for (let place = 0; place < operations.length; place++) {
    const { value } = operations[place]!;
    if (!Array.isArray(value))
      throw new TypeError(
        `Cannot read ${name(operations, place)} as a transaction: ` +
          `current value is ${JSON.stringify(value)}, want a list of steps`,
      );
    steps += value.length;
  }
  const outcome = bytes(operations.length);
  const firstStep = integers(operations.length + 1);
  const stepWrites = bytes(steps);
  const stepKey = integers(steps);
  const stepOwner = integers(steps);
  const stepValue: unknown[] = [];
  // At once: a list that grows is copied each time.
  stepValue.length = steps;
  const keys: unknown[] = [];
  const keyIds = new Map<unknown, number>();
  let step = 0;
  let at = 0;
  const where = (): string => name(operations, at);
  for (; at < operations.length; at++) {
    const operation = operations[at]!;
    outcome[at] = OUTCOMES[operation.type];
    const parts = operation.value as readonly MicroOperation[];
    for (let place = 0; place < parts.length; place++) {
      const part = parts[place]!;
      const writes = isWrite(part, kind, where);
      const key = part[1];
      const named = typeof key === 'object' && key !== null ? JSON.stringify(key) : key;
      let id = keyIds.get(named);
      if (id === undefined) {
        id = keys.push(named) - 1;
        keyIds.set(named, id);
      }
      stepWrites[step] = writes ? 1 : 0;
      stepKey[step] = id;
      stepOwner[step] = at;
      stepValue[step++] = part[2];
    }
    firstStep[at + 1] = step;
  }
  return { operations, outcome, firstStep, stepWrites, stepKey, stepValue, stepOwner, keys };
}

function isOrdered(operations: readonly Operation[]): boolean {
  for (let at = 1; at < operations.length; at++)
    if (operations[at - 1]!.invoked > operations[at]!.invoked) return false;
  return true;
}

function name(operations: readonly Operation[], at: number): string {
  return `the operation invoked at ${operations[at]!.invoked} by process ${operations[at]!.process}`;
}
