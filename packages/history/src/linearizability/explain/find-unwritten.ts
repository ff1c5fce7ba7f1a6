import { describeOperation } from '../../describe/describe-operation.js';
import { formatValue } from '../../describe/format-value.js';
import { identify } from '../../identify.js';
import type { Operation } from '../../operation.js';
import type { Finding } from './finding.js';
import { casValue, leaves } from '../models/register-model.js';

/** The first read of what nobody can have put there, and when it had ended. */
export interface Unwritten {
  readonly finding: Finding;
  readonly shownAt: number;
}

/**
 * A read (or the comparison of a `cas`) of what no write can have put into a register by then, the first one to end. It
 * needs no search, and a search would have to rule out every order to find it.
 */
export function findUnwritten(operations: readonly Operation[], initial: unknown): Unwritten | undefined {
  const writers = new Map<unknown, Operation>();
  const failed = new Map<unknown, Operation>();
  for (const operation of operations) {
    const left = leaves(operation);
    if (left === undefined) continue;
    const id = identify(left.value);
    if (operation.type === 'fail') failed.set(id, operation);
    else if (operation.invoked < (writers.get(id)?.invoked ?? Infinity)) writers.set(id, operation);
  }
  let first: { readonly read: Operation; readonly value: unknown } | undefined;
  for (const read of operations) {
    if (read.type !== 'ok' || read.f === 'write') continue;
    const value = read.f === 'cas' ? casValue(read.value)[0] : read.value;
    const id = identify(value);
    const isThere = id === identify(initial) || (writers.get(id)?.invoked ?? Infinity) < read.completed;
    if (!isThere && read.completed < (first?.read.completed ?? Infinity)) first = { read, value };
  }
  if (first === undefined) return undefined;
  const { read, value } = first;
  return {
    finding: explain(read, value, { writer: writers.get(identify(value)), aborted: failed.get(identify(value)) }),
    shownAt: read.completed,
  };
}

function explain(
  read: Operation,
  value: unknown,
  { writer, aborted }: { readonly writer: Operation | undefined; readonly aborted: Operation | undefined },
): Finding {
  const words = `${describeOperation(read)} cannot be`;
  if (writer !== undefined)
    return {
      type: 'future-read',
      message: `${words}: it had ended before ${describeOperation(writer)} began, the first that put ${formatValue(value)} there`,
      operations: [read, writer],
    };
  if (aborted === undefined)
    return { type: 'garbage-read', message: `${words}: nobody wrote ${formatValue(value)}`, operations: [read] };
  return {
    type: 'aborted-read',
    message: `${words}: what would have put ${formatValue(value)} there did not happen: ${describeOperation(aborted)}`,
    operations: [aborted, read],
  };
}
