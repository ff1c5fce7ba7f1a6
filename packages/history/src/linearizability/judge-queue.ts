import { describeOperation } from '../describe-operation.js';
import { formatValue } from '../format-value.js';
import { identify } from '../identify.js';
import type { Operation } from '../operation.js';
import { findFalseEmpty, type QueueElement } from './find-false-empty.js';
import type { Finding, QuickJudgement } from './finding.js';
import { unwrap, type Part } from './split-by-key.js';

/**
 * First-in-first-out queues with distinct elements, in O(n log n): such a history is linearizable exactly where nothing
 * is dequeued that was not enqueued, nothing twice, nothing ahead of what was certainly enqueued before it, and no
 * dequeue finds the queue empty while some element was certainly in it all the time (Henzinger, Sezgin and Vafeiadis,
 * Aspect-oriented linearizability proofs, 2013). A dequeue without answer may have taken any element that nobody else
 * took: each such element needs one in time.
 */
export function judgeQueue(part: Part): QuickJudgement | undefined {
  const operations = part.operations.map((operation) => unwrap(part, operation));
  const elements = new Map<unknown, QueueElement>();
  const failed = new Map<unknown, Operation>();
  for (const enqueue of operations) {
    if (enqueue.f !== 'enqueue') continue;
    const id = identify(enqueue.value);
    if (enqueue.type === 'fail') failed.set(id, enqueue);
    else if (elements.has(id)) return undefined;
    else elements.set(id, { value: enqueue.value, enqueue, dequeue: undefined });
  }
  const empty: Operation[] = [];
  const open: Operation[] = [];
  let observations = 0;
  for (const dequeue of operations) {
    if (dequeue.f !== 'dequeue' || dequeue.type === 'fail') continue;
    if (dequeue.type === 'info') {
      open.push(dequeue);
      continue;
    }
    observations++;
    if (dequeue.value === null || dequeue.value === undefined) empty.push(dequeue);
    else {
      const finding = take(dequeue, elements, failed);
      if (finding !== undefined) return { finding, observations };
    }
  }
  // An unanswered enqueue of what nobody dequeued need not have happened.
  const certain = [...elements.values()].filter(
    ({ enqueue, dequeue }) => dequeue !== undefined || enqueue.type === 'ok',
  );
  const finding = findOvertaken(certain, open) ?? findFalseEmpty(certain, empty, open);
  return finding === undefined ? { observations } : { finding, observations };
}

function take(
  dequeue: Operation,
  elements: ReadonlyMap<unknown, QueueElement>,
  failed: ReadonlyMap<unknown, Operation>,
): Finding | undefined {
  const id = identify(dequeue.value);
  const element = elements.get(id);
  const words = `${describeOperation(dequeue)} cannot be`;
  if (element === undefined) {
    const aborted = failed.get(id);
    if (aborted === undefined)
      return {
        type: 'garbage-read',
        message: `${words}: nobody enqueued ${formatValue(dequeue.value)}`,
        operations: [dequeue],
      };
    return {
      type: 'aborted-read',
      message: `${words}: the only enqueue of it did not happen: ${describeOperation(aborted)}`,
      operations: [aborted, dequeue],
    };
  }
  const { enqueue, dequeue: earlier } = element;
  if (earlier !== undefined) {
    return {
      type: 'duplicate-dequeue',
      message: `${words}: it was enqueued once and dequeued before: ${describeOperation(earlier)}`,
      operations: [enqueue, earlier, dequeue],
    };
  }
  if (dequeue.completed < enqueue.invoked)
    return {
      type: 'future-read',
      message: `${words}: it had ended before ${describeOperation(enqueue)} began`,
      operations: [dequeue, enqueue],
    };
  element.dequeue = dequeue;
  return undefined;
}

// An element that was certainly enqueued before another, which was dequeued and over before the first was even asked
// for.
function findOvertaken(certain: readonly QueueElement[], open: readonly Operation[]): Finding | undefined {
  const byEnd = certain
    .filter(({ enqueue }) => enqueue.type === 'ok')
    .sort((a, b) => b.enqueue.completed - a.enqueue.completed);
  const byStart = certain
    .filter(({ dequeue }) => dequeue !== undefined)
    .sort((a, b) => b.enqueue.invoked - a.enqueue.invoked);
  const stuck: { readonly element: QueueElement; readonly by: QueueElement }[] = [];
  let next = 0;
  let first: QueueElement | undefined;
  // From the last to the first: of those enqueued later, the one that left first.
  for (const element of byEnd) {
    while (next < byStart.length && (byStart[next] as QueueElement).enqueue.invoked > element.enqueue.completed) {
      const later = byStart[next++] as QueueElement;
      if (first === undefined || left(later) < left(first)) first = later;
    }
    if (first === undefined) continue;
    if (element.dequeue === undefined) stuck.push({ element, by: first });
    else if (left(first) < element.dequeue.invoked) return overtaken(element, first);
  }
  // Each of these was taken by a dequeue without answer, if at all.
  stuck.sort((a, b) => left(a.by) - left(b.by));
  const takers = [...open].sort((a, b) => a.invoked - b.invoked);
  const missed = stuck.find(
    ({ by }, index) => index >= takers.length || (takers[index] as Operation).invoked > left(by),
  );
  return missed === undefined ? undefined : overtaken(missed.element, missed.by);
}

function left({ dequeue }: QueueElement): number {
  return (dequeue as Operation).completed;
}

function overtaken({ enqueue, dequeue }: QueueElement, by: QueueElement): Finding {
  const taken = by.dequeue as Operation;
  const then =
    dequeue === undefined ? 'nobody ever dequeued the former' : `only then ${describeOperation(dequeue)} began`;
  return {
    type: dequeue === undefined ? 'lost-element' : 'overtaken-element',
    message: `${describeOperation(enqueue)} had ended before ${describeOperation(by.enqueue)} began, yet the latter left first: ${describeOperation(taken)} had ended, and ${then}`,
    operations: [enqueue, by.enqueue, taken, ...(dequeue === undefined ? [] : [dequeue])],
  };
}
