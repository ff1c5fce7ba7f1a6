import type { History } from '../history.js';
import type { Operation } from '../operation.js';

/** One event to be written. */
export type HistoryEvent =
  | { readonly kind: 'invoke' | 'end'; readonly operation: Operation; readonly timeNs: number }
  | { readonly kind: 'start' | 'stop'; readonly name: string; readonly timeNs: number };

/**
 * The events of a history in their order. What nobody can tell the end of ends after everything else, so that its
 * process stays busy; faults stand before the first operation event that is not earlier.
 */
export function* historyEvents({ operations, faults }: History): Generator<HistoryEvent, void> {
  const marks: HistoryEvent[] = faults
    .flatMap(({ name, startNs, endNs }): HistoryEvent[] => [
      { kind: 'start', name, timeNs: startNs },
      ...(endNs === Infinity ? [] : [{ kind: 'stop' as const, name, timeNs: endNs }]),
    ])
    .sort((a, b) => b.timeNs - a.timeNs);
  const events = operations
    .flatMap((operation) => [
      { at: operation.invoked, kind: 'invoke' as const, operation },
      ...(operation.completed === Infinity ? [] : [{ at: operation.completed, kind: 'end' as const, operation }]),
    ])
    .sort((a, b) => a.at - b.at);
  let lastNs = 0;
  for (const { kind, operation } of events) {
    const timeNs = kind === 'invoke' ? operation.invokedNs : operation.completedNs;
    while (marks.length > 0 && marks.at(-1)!.timeNs <= timeNs) yield marks.pop()!;
    yield { kind, operation, timeNs };
    lastNs = timeNs;
  }
  while (marks.length > 0) yield marks.pop()!;
  for (const operation of operations)
    if (operation.completed === Infinity)
      yield { kind: 'end', operation, timeNs: Math.max(lastNs, operation.invokedNs) };
}
