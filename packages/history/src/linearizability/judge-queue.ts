import { describeOperation } from '../describe/describe-operation.js';
import { formatValue } from '../describe/format-value.js';
import { identify } from '../identify.js';
import type { Operation } from '../operation.js';
import { cutHistory, firstWrong } from './explain/cut-history.js';
import { findFalseEmpty, type QueueElement } from './find-false-empty.js';
import type { Finding, QuickJudgement } from './explain/finding.js';
import { unwrap, type Part } from './split-by-key.js';

/**
 * First-in-first-out queues with distinct elements, in O(n log n): such a history is linearizable exactly where nothing
 * is dequeued that was not enqueued, nothing twice, nothing ahead of what was certainly enqueued before it, and no
 * dequeue finds the queue empty while some element was certainly in it all the time (Henzinger, Sezgin and Vafeiadis,
 * Aspect-oriented linearizability proofs, 2013). A dequeue without answer may have taken any element that nobody else
 * took: each such element needs one in time.
 */
export function judgeQueue(part: Part): QuickJudgement | undefined {
  const all = part.operations.map((operation) => unwrap(part, operation));
  const judged = judgeOperations(all);
  if (judged?.finding === undefined) return judged;
  const isEnqueue = ({ f }: Operation): boolean => f === 'enqueue';
  const takers = new Map(all.filter(isAnsweredDequeue).map((dequeue) => [identify(dequeue.value), dequeue]));
  // Where only the end of a refused operation shows it, that is told of the whole.
  const first = firstWrong(all, (position) => {
    const { operations, original } = cutHistory(all, position, isEnqueue);
    const words = (operation: Operation): string => describeOperation(original(operation));
    const finding = judgeOperations(operations, { words, takerOf: (value) => takers.get(identify(value)) })?.finding;
    return finding && { ...finding, operations: finding.operations.map(original) };
  });
  return first === undefined ? judged : { ...judged, finding: first.found };
}

/** Knowledge of the whole history, of which a beginning is judged. */
interface Whole {
  /** An operation, in words. */
  words(operation: Operation): string;
  /** The dequeue of an element. */
  takerOf(value: unknown): Operation | undefined;
}

function isAnsweredDequeue({ f, type, value }: Operation): boolean {
  return f === 'dequeue' && type === 'ok' && (value ?? null) !== null;
}

function judgeOperations(
  operations: readonly Operation[],
  whole: Whole = { words: describeOperation, takerOf: () => undefined },
): QuickJudgement | undefined {
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
      const finding = take(dequeue, { elements, failed, whole });
      if (finding !== undefined) return { finding, observations };
    }
  }
  // An unanswered enqueue of what nobody dequeued need not have happened.
  const certain = [...elements.values()].filter(
    ({ enqueue, dequeue }) => dequeue !== undefined || enqueue.type === 'ok',
  );
  const finding = findOvertaken(certain, open, whole) ?? findFalseEmpty(certain, { empty, open, words: whole.words });
  return finding === undefined ? { observations } : { finding, observations };
}

function take(
  dequeue: Operation,
  {
    elements,
    failed,
    whole,
  }: {
    readonly elements: ReadonlyMap<unknown, QueueElement>;
    readonly failed: ReadonlyMap<unknown, Operation>;
    readonly whole: Whole;
  },
): Finding | undefined {
  const id = identify(dequeue.value);
  const element = elements.get(id);
  const words = `${whole.words(dequeue)} cannot be`;
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
      message: `${words}: the only enqueue of it did not happen: ${whole.words(aborted)}`,
      operations: [aborted, dequeue],
    };
  }
  const { enqueue, dequeue: earlier } = element;
  if (earlier !== undefined) {
    return {
      type: 'duplicate-dequeue',
      message: `${words}: it was enqueued once and dequeued before: ${whole.words(earlier)}`,
      operations: [enqueue, earlier, dequeue],
    };
  }
  if (dequeue.completed < enqueue.invoked)
    return {
      type: 'future-read',
      message: `${words}: it had ended before ${whole.words(enqueue)} began`,
      operations: [dequeue, enqueue],
    };
  element.dequeue = dequeue;
  return undefined;
}

// An element that was certainly enqueued before another, which was dequeued and over before the first was even asked
// for.
function findOvertaken(
  certain: readonly QueueElement[],
  open: readonly Operation[],
  whole: Whole,
): Finding | undefined {
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
    else if (left(first) < element.dequeue.invoked) return overtaken(element, first, whole);
  }
  // Each of these was taken by a dequeue without answer, if at all.
  stuck.sort((a, b) => left(a.by) - left(b.by));
  const takers = [...open].sort((a, b) => a.invoked - b.invoked);
  const missed = stuck.find(
    ({ by }, index) => index >= takers.length || (takers[index] as Operation).invoked > left(by),
  );
  return missed === undefined ? undefined : overtaken(missed.element, missed.by, whole);
}

function left({ dequeue }: QueueElement): number {
  return (dequeue as Operation).completed;
}

function overtaken({ value, enqueue, dequeue }: QueueElement, by: QueueElement, whole: Whole): Finding {
  const taken = by.dequeue as Operation;
  const later = dequeue ?? whole.takerOf(value);
  const then =
    later === undefined
      ? 'nobody ever dequeued the former'
      : later.invoked > taken.completed
        ? `only then ${whole.words(later)} began`
        : `${whole.words(later)} had not`;
  return {
    type: later === undefined ? 'lost-element' : 'overtaken-element',
    message: `${whole.words(enqueue)} had ended before ${whole.words(by.enqueue)} began, yet the latter left first: ${whole.words(taken)} had ended, and ${then}`,
    operations: [enqueue, by.enqueue, taken, ...(later === undefined ? [] : [later])],
  };
}
