import { describeOperation } from '../describe/describe-operation.js';
import type { History } from '../history.js';
import { identify } from '../identify.js';
import type { Operation } from '../operation.js';
import type { Verdict } from '../verdict.js';
import { addedElements, type AddedElement } from './added-elements.js';
import { createFindings, type Findings } from './findings.js';
import { listValues } from './list-values.js';

/**
 * A queue in no particular order: everything that an `ok` `dequeue` gave was enqueued, before that, and no more often
 * than that. Elements that never come out are no matter here: that is `total-queue`.
 */
export function checkQueue(history: History): Verdict {
  const findings = createFindings('queue', history);
  const enqueued = addedElements(history.operations, 'enqueue');
  const taken = takenElements(history.operations);
  judgeTaken(taken, enqueued, findings);
  for (const [id, dequeues] of taken) {
    const attempts = enqueued.get(id)?.attempts ?? [];
    const extra = firstTooMany(dequeues, attempts);
    if (extra === undefined) continue;
    const often =
      dequeues.length > attempts.length
        ? `dequeued ${dequeues.length} times, enqueued ${attempts.length}`
        : `dequeued more often than it had been enqueued by then`;
    findings.add(
      'duplicate-dequeue',
      `${often}: ${listValues([dequeues[0]?.value])}; ${dequeues.slice(0, 3).map(describeOperation).join(', ')}`,
      [...attempts, ...dequeues],
      { shownBy: extra },
    );
  }
  const dequeued = [...taken.values()].reduce((sum, dequeues) => sum + dequeues.length, 0);
  return findings.verdict({ enqueued: enqueued.size, dequeued }, dequeued === 0 ? 'nothing was dequeued' : undefined);
}

/**
 * The first dequeue of an element that came out again before it can have gone in again; `undefined` where none did. The
 * first time is left to {@link judgeTaken}. Both lists are in the order of their operations' ends or beginnings, so the
 * n-th out needs the n-th in.
 */
export function firstTooMany(dequeues: readonly Operation[], attempts: readonly Operation[]): Operation | undefined {
  if (attempts.length === 0) return undefined;
  const began = attempts.map(({ invoked }) => invoked).sort((a, b) => a - b);
  return dequeues.find(({ completed }, at) => at > 0 && (at >= began.length || (began[at] as number) > completed));
}

/**
 * The dequeues that gave an element, by its identity, in the order of their ends. A `drain` counts as a dequeue of each
 * element of its list.
 */
export function takenElements(operations: readonly Operation[]): ReadonlyMap<unknown, readonly Operation[]> {
  const taken = new Map<unknown, Operation[]>();
  for (const operation of operations) {
    const { f, type, value } = operation;
    if (type !== 'ok' || (f !== 'dequeue' && f !== 'drain')) continue;
    for (const element of f === 'drain' ? (value as readonly unknown[]) : [value]) {
      if (element === null || element === undefined) continue;
      const id = identify(element);
      const one = f === 'drain' ? { ...operation, f: 'dequeue', value: element } : operation;
      const known = taken.get(id);
      if (known === undefined) taken.set(id, [one]);
      else known.push(one);
    }
  }
  for (const dequeues of taken.values()) dequeues.sort((a, b) => a.completed - b.completed);
  return taken;
}

/** Finds elements that nobody enqueued, that were only refused, or that came out before they went in. */
export function judgeTaken(
  taken: ReadonlyMap<unknown, readonly Operation[]>,
  enqueued: ReadonlyMap<unknown, AddedElement>,
  findings: Findings,
): void {
  for (const [id, dequeues] of taken) {
    const dequeue = dequeues[0] as Operation;
    const known = enqueued.get(id);
    const words = `${describeOperation(dequeue)} cannot be`;
    if (known === undefined) findings.add('garbage-read', `${words}: nobody enqueued it`, [dequeue]);
    else if (known.attempts.length === 0)
      findings.add(
        'aborted-read',
        `${words}: its enqueue did not happen: ${describeOperation(known.failed as Operation)}`,
        [known.failed as Operation, dequeue],
        { shownBy: dequeue },
      );
    else if (known.attempts.every(({ invoked }) => invoked > dequeue.completed))
      findings.add(
        'future-read',
        `${words}: it was enqueued only later: ${describeOperation(known.attempts[0] as Operation)}`,
        [dequeue, ...known.attempts],
        { shownBy: dequeue },
      );
  }
}
