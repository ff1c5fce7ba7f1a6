import type { Operation } from '../../operation.js';
import type { SequentialModel } from '../models/sequential-model.js';
import { numberTransitions, type Transitions } from './transitions.js';

/**
 * A part of a history as arrays of integers, for the search. Operations that ended are numbered in the order of their
 * completion.
 */
export interface Problem {
  readonly transitions: Transitions;
  /** Number of answers that say something about the state. */
  readonly observations: number;
  /** The `ok` operations by number. */
  readonly ended: readonly Operation[];
  readonly kinds: Int32Array;
  /** 1 where it is a read. */
  readonly reads: Uint8Array;
  /** True if there is a read. */
  readonly hasReads: boolean;
  /** 1 where another operation of its kind ended. */
  readonly hasTwin: Uint8Array;
  /** Bit of the `done` mask: free again once the operation is behind the search's front. */
  readonly slots: Int32Array;
  /** Words of that mask. */
  readonly words: number;
  /**
   * Those that may come next while `n` is the first that is not done: `pending[pendingFrom[n] .. pendingFrom[n + 1])`,
   * ascending.
   */
  readonly pending: Int32Array;
  readonly pendingFrom: Int32Array;
  /** The `info` operations by kind, each in the order of invocation. */
  readonly open: readonly OpenKind[];
  /**
   * Of each kind of `open`, how many were invoked before the operation `n` completed: `openUntil[n * open.length +
   * index]`.
   */
  readonly openUntil: Int32Array;
}

/** Unfinished operations that the model cannot tell apart. */
export interface OpenKind {
  readonly kind: number;
  readonly operations: readonly Operation[];
}

/** Prepares a part of a history: drops what failed, and unfinished reads, for neither says anything. */
export function createProblem<State>(model: SequentialModel<State>, operations: readonly Operation[]): Problem {
  const transitions = numberTransitions(model);
  const ended = operations.filter(({ type }) => type === 'ok').sort((a, b) => a.completed - b.completed);
  const kinds = Int32Array.from(ended, (operation) => transitions.kindOf(operation));
  const reads = Uint8Array.from(ended, (operation) => (model.isRead?.(operation) === true ? 1 : 0));
  const byKind = new Map<number, Operation[]>();
  for (const operation of operations) {
    if (operation.type !== 'info' || model.isRead?.(operation) === true) continue;
    const kind = transitions.kindOf(operation);
    const same = byKind.get(kind);
    if (same === undefined) byKind.set(kind, [operation]);
    else same.push(operation);
  }
  const open = [...byKind].map(([kind, same]) => ({ kind, operations: same.sort((a, b) => a.invoked - b.invoked) }));
  const observations =
    model.observes === undefined ? ended.length : ended.filter((operation) => model.observes?.(operation)).length;
  return {
    transitions,
    observations,
    ended,
    kinds,
    reads,
    hasReads: reads.includes(1),
    hasTwin: findTwins(kinds),
    ...placePending(ended),
    open,
    openUntil: countOpen(ended, open),
  };
}

function findTwins(kinds: Int32Array): Uint8Array {
  const counts = new Map<number, number>();
  for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return Uint8Array.from(kinds, (kind) => (counts.get(kind) === 1 ? 0 : 1));
}

function countOpen(ended: readonly Operation[], open: readonly OpenKind[]): Int32Array {
  const counts = new Int32Array(ended.length * open.length);
  open.forEach(({ operations }, index) => {
    let count = 0;
    ended.forEach(({ completed }, number) => {
      while (count < operations.length && (operations[count] as Operation).invoked < completed) count++;
      counts[number * open.length + index] = count;
    });
  });
  return counts;
}

// Sweeps over the completions: which operations had been invoked by then and were not completed before, and a bit for
// each.
function placePending(ended: readonly Operation[]): Pick<Problem, 'slots' | 'words' | 'pending' | 'pendingFrom'> {
  const byInvocation = ended
    .map((_, number) => number)
    .sort((a, b) => (ended[a] as Operation).invoked - (ended[b] as Operation).invoked);
  const slots = new Int32Array(ended.length);
  const pendingFrom = new Int32Array(ended.length + 1);
  const pending: number[] = [];
  const free: number[] = [];
  let used = 0;
  let next = 0;
  let now: number[] = [];
  for (let number = 0; number < ended.length; number++) {
    const { completed } = ended[number] as Operation;
    let grown = false;
    while (next < byInvocation.length && (ended[byInvocation[next] as number] as Operation).invoked < completed) {
      const entered = byInvocation[next++] as number;
      slots[entered] = free.pop() ?? used++;
      now.push(entered);
      grown = true;
    }
    if (grown) now.sort((a, b) => a - b);
    for (const one of now) pending.push(one);
    pendingFrom[number + 1] = pending.length;
    free.push(slots[number] as number);
    now = now.slice(1);
  }
  return { slots, words: Math.max(1, Math.ceil(used / 32)), pending: Int32Array.from(pending), pendingFrom };
}
