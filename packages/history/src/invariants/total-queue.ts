import type { History } from '../history.js';
import type { Operation } from '../operation.js';
import type { Verdict } from '../verdict.js';
import { addedElements, type AddedElement } from './added-elements.js';
import { createFindings } from './findings.js';
import { listValues, plural } from './list-values.js';
import { firstTooMany, judgeTaken, takenElements } from './queue.js';

/** Options of {@link checkTotalQueue}. */
export interface TotalQueueOptions {
  /**
   * True if an element dequeued more often than it was enqueued is an anomaly. Default false: many queues promise
   * at-least-once delivery.
   */
  readonly exactlyOnce?: boolean;
}

/**
 * What goes in comes out: every element whose `enqueue` was acknowledged is dequeued in the end. For that the history
 * has to end with the queue drained: by a `drain`, whose value is the list of what was left, or by a `dequeue` that
 * finds nothing (`null`, or a `fail`) after the last acknowledged `enqueue`. A dequeue without answer can have taken
 * one element; so as many may be missing without a verdict. Source: Jepsen's total-queue.
 */
export function checkTotalQueue(history: History, options: TotalQueueOptions = {}): Verdict {
  const { exactlyOnce } = { exactlyOnce: false, ...options };
  const findings = createFindings('total-queue', history);
  const enqueued = addedElements(history.operations, 'enqueue');
  const taken = takenElements(history.operations);
  judgeTaken(taken, enqueued, findings);
  const lost: AddedElement[] = [];
  const duplicated: { readonly element: unknown; readonly operations: readonly Operation[] }[] = [];
  let acknowledged = 0;
  let missing = 0;
  let recovered = 0;
  for (const [id, element] of enqueued) {
    const acks = element.attempts.filter(({ type }) => type === 'ok').length;
    const out = taken.get(id)?.length ?? 0;
    acknowledged += acks;
    if (out < acks) {
      lost.push(element);
      missing += acks - out;
    }
    if (out > 0 && acks === 0) recovered++;
    if (firstTooMany(taken.get(id) ?? [], element.attempts) !== undefined)
      duplicated.push({ element: element.element, operations: [...element.attempts, ...(taken.get(id) ?? [])] });
  }
  if (exactlyOnce && duplicated.length > 0) {
    findings.add(
      'duplicate-dequeue',
      `${plural(duplicated.length, 'element')} dequeued more often than enqueued: ` +
        listValues(duplicated.map(({ element }) => element)),
      duplicated.flatMap(({ operations }) => operations),
    );
  }
  const unanswered = history.operations.filter(({ f, type }) => type === 'info' && (f === 'dequeue' || f === 'drain'));
  const drained = isDrained(history.operations);
  // A drain that was cut off can have taken any number.
  const excused = unanswered.some(({ f }) => f === 'drain') ? Infinity : unanswered.length;
  if (drained && missing > excused) {
    findings.add(
      'lost-element',
      `${plural(missing, 'acknowledged element')} never came out${excused === 0 ? '' : ` and only ${plural(excused, 'dequeue')} without answer`}: ${listValues(lost.map(({ element }) => element))}`,
      lost.flatMap(({ ok }) => ok ?? []),
    );
  }
  const figures = {
    acknowledged,
    missing,
    recovered,
    duplicated: duplicated.length,
    unansweredDequeues: unanswered.length,
  };
  if (acknowledged === 0) return findings.verdict(figures, 'no enqueue was acknowledged');
  if (taken.size === 0 && !drained) return findings.verdict(figures, 'nothing was dequeued');
  if (missing === 0) return findings.verdict(figures);
  return findings.verdict(
    figures,
    drained
      ? `${plural(missing, 'element')} missing, and as many dequeues without answer can have taken them`
      : `${plural(missing, 'element')} missing, but the queue was not drained in the end`,
  );
}

function isDrained(operations: readonly Operation[]): boolean {
  const last = operations.reduce(
    (last, { f, type, completed }) => (f === 'enqueue' && type === 'ok' ? Math.max(last, completed) : last),
    -Infinity,
  );
  return operations.some(
    ({ f, type, value, invoked }) =>
      invoked > last &&
      ((f === 'drain' && type === 'ok') ||
        (f === 'dequeue' && (type === 'fail' || (type === 'ok' && (value ?? null) === null)))),
  );
}
