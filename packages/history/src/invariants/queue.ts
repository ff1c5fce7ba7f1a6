import { describeOperation } from '../describe-operation.js';
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
    if (attempts.length === 0 || dequeues.length <= attempts.length) continue;
    findings.add(
      'duplicate-dequeue',
      `dequeued ${dequeues.length} times, enqueued ${attempts.length}: ${listValues([dequeues[0]?.value])}; ${dequeues.slice(0, 3).map(describeOperation).join(', ')}`,
      [...attempts, ...dequeues],
    );
  }
  const dequeued = [...taken.values()].reduce((sum, dequeues) => sum + dequeues.length, 0);
  return findings.verdict({ enqueued: enqueued.size, dequeued }, dequeued === 0 ? 'nothing was dequeued' : undefined);
}

/** What was taken out, by the identity of the element. A `drain` counts as a dequeue of each element of its list. */
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
      );
    else if (known.attempts.every(({ invoked }) => invoked > dequeue.completed))
      findings.add(
        'future-read',
        `${words}: it was enqueued only later: ${describeOperation(known.attempts[0] as Operation)}`,
        [dequeue, ...known.attempts],
      );
  }
}
