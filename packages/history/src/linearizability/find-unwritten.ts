import { describeOperation } from '../describe-operation.js';
import { formatValue } from '../format-value.js';
import { identify } from '../identify.js';
import type { Operation } from '../operation.js';
import type { Finding } from './finding.js';
import { casValue, leaves } from './register-model.js';

/**
 * A read (or the comparison of a `cas`) of what no write can have put into a register by then. It needs no search, and
 * a search would have to rule out every order to find it.
 */
export function findUnwritten(operations: readonly Operation[], initial: unknown): Finding | undefined {
  const writers = new Map<unknown, Operation>();
  const failed = new Map<unknown, Operation>();
  for (const operation of operations) {
    const left = leaves(operation);
    if (left === undefined) continue;
    const id = identify(left.value);
    if (operation.type === 'fail') failed.set(id, operation);
    else if (operation.invoked < (writers.get(id)?.invoked ?? Infinity)) writers.set(id, operation);
  }
  for (const operation of operations) {
    if (operation.type !== 'ok' || operation.f === 'write') continue;
    const value = operation.f === 'cas' ? casValue(operation.value)[0] : operation.value;
    const id = identify(value);
    const first = writers.get(id);
    if (id === identify(initial) || (first !== undefined && first.invoked < operation.completed)) continue;
    const words = `${describeOperation(operation)} cannot be`;
    if (first !== undefined)
      return {
        type: 'future-read',
        message: `${words}: it had ended before ${describeOperation(first)} began, the first that put ${formatValue(value)} there`,
        operations: [operation, first],
      };
    const aborted = failed.get(id);
    if (aborted === undefined)
      return { type: 'garbage-read', message: `${words}: nobody wrote ${formatValue(value)}`, operations: [operation] };
    return {
      type: 'aborted-read',
      message: `${words}: what would have put ${formatValue(value)} there did not happen: ${describeOperation(aborted)}`,
      operations: [aborted, operation],
    };
  }
  return undefined;
}
