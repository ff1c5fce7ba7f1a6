import { describeOperation } from '../describe/describe-operation.js';
import { identify } from '../identify.js';
import { invokedAt } from '../describe/moment.js';
import type { Operation } from '../operation.js';
import type { AddedElement } from './added-elements.js';
import type { Findings } from './findings.js';
import { listValues } from './list-values.js';

/** The elements that a read gave. Throws `TypeError` where its value is no list. */
export function elementsOf(read: Operation): readonly unknown[] {
  const { value } = read;
  if (value === null || value === undefined) return [];
  if (typeof value === 'object' && Symbol.iterator in value) return [...(value as Iterable<unknown>)];
  throw new TypeError(`Cannot check a set: current value of the ${describeOperation(read)} must be a list of elements`);
}

/**
 * Finds in a read what no read may have: elements that nobody added, that were added by what did not happen, that were
 * added only later, or that are there more often than they were added. Returns the elements' identities.
 */
export function judgeElements(
  read: Operation,
  added: ReadonlyMap<unknown, AddedElement>,
  findings: Findings,
): ReadonlySet<unknown> {
  const counts = new Map<unknown, number>();
  const garbage: unknown[] = [];
  const aborted: AddedElement[] = [];
  const future: AddedElement[] = [];
  const duplicate: unknown[] = [];
  for (const element of elementsOf(read)) {
    const id = identify(element);
    const count = (counts.get(id) ?? 0) + 1;
    counts.set(id, count);
    const known = added.get(id);
    if (count === 1) {
      if (known === undefined) garbage.push(element);
      else if (known.attempts.length === 0) aborted.push(known);
      else if (known.attempts.every(({ invoked }) => invoked > read.completed)) future.push(known);
    }
    if (count === 2 && known !== undefined && known.attempts.length < 2) duplicate.push(element);
  }
  const who = `the read by process ${read.process} at ${invokedAt(read)}`;
  if (garbage.length > 0) findings.add('garbage-read', `${who} has what nobody added: ${listValues(garbage)}`, [read]);
  if (aborted.length > 0)
    findings.add('aborted-read', `${who} has what was refused: ${listValues(aborted.map(({ element }) => element))}`, [
      ...aborted.flatMap(({ failed }) => failed ?? []),
      read,
    ]);
  if (future.length > 0)
    findings.add(
      'future-read',
      `${who} has what was added only after it: ${listValues(future.map(({ element }) => element))}`,
      [read, ...future.flatMap(({ attempts }) => attempts)],
    );
  if (duplicate.length > 0)
    findings.add('duplicate-element', `${who} has twice what was added once: ${listValues(duplicate)}`, [read]);
  return new Set(counts.keys());
}
