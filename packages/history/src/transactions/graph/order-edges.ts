import type { Operation } from '../../operation.js';
import { integers } from '../log/columns.js';
import { INFO, OK } from '../log/transaction-log.js';
import type { TransactionLog } from '../log/transaction-log.js';
import type { EdgeList } from './edge-list.js';
import { PASS, PROCESS, REALTIME } from './edge-type.js';

/** Places per transaction, at most: a process's other operations take some, too. */
const MOST_PLACES = 16;

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
  const completions = byCompletion(operations, outcome);
  let tick = -1;
  let isRead = true;
  let next = freeVertex;
  let done = 0;
  for (let at = 0; at < operations.length; at++) {
    if (outcome[at] !== OK && outcome[at] !== INFO) continue;
    const { invoked } = operations[at]!;
    while (done < completions.length && operations[completions[done]!]!.completed < invoked) {
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

/** What ended `ok`, by its completion. Recorders number events one by one: then places do instead of a sort. */
function byCompletion(operations: readonly Operation[], outcome: Uint8Array): Int32Array {
  let count = 0;
  let last = 0;
  let isDense = true;
  for (let at = 0; at < operations.length; at++) {
    if (outcome[at] !== OK) continue;
    const { completed } = operations[at]!;
    count++;
    if (completed > last) last = completed;
    if (!Number.isInteger(completed) || completed < 0) isDense = false;
  }
  if (!isDense || last > operations.length * MOST_PLACES) return sortedByCompletion(operations, outcome);
  const at = integers(last + 1).fill(-1);
  for (let transaction = 0; transaction < operations.length; transaction++) {
    if (outcome[transaction] !== OK) continue;
    const { completed } = operations[transaction]!;
    if (at[completed] !== -1) return sortedByCompletion(operations, outcome);
    at[completed] = transaction;
  }
  const order = integers(count);
  let next = 0;
  for (let place = 0; place <= last; place++) if (at[place] !== -1) order[next++] = at[place]!;
  return order;
}

function sortedByCompletion(operations: readonly Operation[], outcome: Uint8Array): Int32Array {
  return Int32Array.from([...operations.keys()].filter((at) => outcome[at] === OK)).sort(
    (a, b) => operations[a]!.completed - operations[b]!.completed,
  );
}
