import type { Operation } from '../operation.js';
import type { Finding } from './explain/finding.js';

/** An element of a queue: put in by `enqueue`, and taken out by `dequeue`, or by nobody who knows. */
export interface QueueElement {
  readonly value: unknown;
  readonly enqueue: Operation;
  dequeue: Operation | undefined;
}

interface Event {
  readonly at: number;
  /** Change of the number of elements that are certainly inside and leave later by a known dequeue. */
  readonly inside: number;
  /**
   * Change of the number of elements that are certainly in, less that of unanswered dequeues: above 0 some element is
   * left.
   */
  readonly left: number;
}

/**
 * A dequeue that found nothing although at every moment of it some element was certainly inside. Elements that nobody
 * is known to have taken can be gone as soon as there are as many unanswered dequeues: the earlier elements must be
 * gone with the later ones, so only the numbers count.
 */
export function findFalseEmpty(
  certain: readonly QueueElement[],
  {
    empty,
    open,
    words,
  }: {
    readonly empty: readonly Operation[];
    readonly open: readonly Operation[];
    readonly words: (operation: Operation) => string;
  },
): Finding | undefined {
  if (empty.length === 0) return undefined;
  const events: Event[] = [
    ...empty.map(({ invoked }) => ({ at: invoked, inside: 0, left: 0 })),
    ...open.map(({ invoked }) => ({ at: invoked, inside: 0, left: -1 })),
  ];
  for (const { enqueue, dequeue } of certain) {
    if (dequeue === undefined) events.push({ at: enqueue.completed, inside: 0, left: 1 });
    else if (enqueue.completed < dequeue.invoked)
      events.push({ at: enqueue.completed, inside: 1, left: 0 }, { at: dequeue.invoked, inside: -1, left: 0 });
  }
  events.sort((a, b) => a.at - b.at);
  let inside = 0;
  let left = 0;
  // The moments from which on, to the next event, the queue can have been empty.
  const moments: number[] = [];
  for (const event of events) {
    inside += event.inside;
    left += event.left;
    if (inside === 0 && left <= 0) moments.push(event.at);
  }
  let next = 0;
  for (const dequeue of [...empty].sort((a, b) => a.invoked - b.invoked)) {
    while (next < moments.length && (moments[next] as number) < dequeue.invoked) next++;
    if (next < moments.length && (moments[next] as number) < dequeue.completed) continue;
    const longest = certain
      .filter(({ enqueue }) => enqueue.completed < dequeue.invoked)
      .sort((a, b) => (b.dequeue?.invoked ?? Infinity) - (a.dequeue?.invoked ?? Infinity))[0];
    const operations =
      longest === undefined
        ? [dequeue]
        : [longest.enqueue, dequeue, ...(longest.dequeue === undefined ? [] : [longest.dequeue])];
    const why = longest === undefined ? '' : `: before it began ${words(longest.enqueue)} had ended`;
    return {
      type: 'false-empty',
      message: `${words(dequeue)} found nothing, yet the queue was never empty meanwhile${why}`,
      operations,
    };
  }
  return undefined;
}
