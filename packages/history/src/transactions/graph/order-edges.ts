import { INFO, OK } from '../transaction-log.js';
import type { TransactionLog } from '../transaction-log.js';
import type { EdgeList } from './edge-list.js';
import { PASS, PROCESS, REALTIME } from './edge-type.js';

/** Each process's transactions one after the other. What failed is left out: it did not happen. */
export function addProcessEdges({ operations, outcome }: TransactionLog, edges: EdgeList): void {
  const last = new Map<number, number>();
  for (let at = 0; at < operations.length; at++) {
    if (outcome[at] !== OK && outcome[at] !== INFO) continue;
    const { process } = operations[at]!;
    const before = last.get(process);
    if (before !== undefined) edges.add(before, at, PROCESS);
    if (outcome[at] === OK) last.set(process, at);
  }
}

/**
 * What was complete before what was invoked, in at most three edges a transaction whatever the concurrency: a chain of
 * helper vertices is the clock; completions lead into it, it leads to the invocations that follow. Only what ended `ok`
 * has a completion. Returns the next free vertex.
 */
export function addRealtimeEdges({ operations, outcome }: TransactionLog, edges: EdgeList, freeVertex: number): number {
  const completions = operations.map((_, at) => at).filter((at) => outcome[at] === OK);
  const completed = Float64Array.from(operations, (operation) => operation.completed);
  completions.sort((a, b) => completed[a]! - completed[b]!);
  let tick = -1;
  let isRead = true;
  let next = freeVertex;
  let done = 0;
  for (let at = 0; at < operations.length; at++) {
    if (outcome[at] !== OK && outcome[at] !== INFO) continue;
    const { invoked } = operations[at]!;
    while (done < completions.length && completed[completions[done]!]! < invoked) {
      if (isRead) {
        if (tick !== -1) edges.add(tick, next, PASS);
        tick = next++;
        isRead = false;
      }
      edges.add(completions[done++]!, tick, REALTIME);
    }
    if (tick === -1) continue;
    edges.add(tick, at, PASS);
    isRead = true;
  }
  return next;
}
