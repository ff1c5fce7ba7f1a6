import type { HistoryFault } from '../../history.js';
import type { Operation } from '../../operation.js';
import { checkTransactions } from '../check-transactions.js';
import { createFindings } from '../findings.js';
import { PROCESS } from '../graph/edge-type.js';
import { isolationLevel } from '../isolation-level.js';
import { findInternalLists } from '../list-append/find-internal-lists.js';
import { LIST_APPEND } from '../log/micro-operation.js';
import type { MicroOperation } from '../log/micro-operation.js';
import { readTransactions } from '../log/transaction-log.js';
import { resolveCheckOptions } from '../transaction-verdict.js';
import type { CheckTransactionsOptions, TransactionVerdict } from '../transaction-verdict.js';
import { createOnlineGraph } from './online-graph.js';
import { createOnlineLists } from './online-lists.js';
import { createRealtimeClock } from './realtime-clock.js';

/** Judges transactions while they run. */
export interface TransactionChecker {
  /**
   * Takes an operation when it has ended, in the order of completions; returns a verdict as soon as one is that the
   * model is broken, else `undefined`.
   */
  add(operation: Operation): TransactionVerdict | undefined;
  /** The verdict over all that was added. */
  verdict(): TransactionVerdict;
}

/** Options of {@link createTransactionChecker}. */
export interface TransactionCheckerOptions extends CheckTransactionsOptions {
  /** The faults so far, for the anomalies that they overlap. */
  readonly faults?: () => readonly HistoryFault[];
}

const FIRST_FULL_CHECK = 1024;

/**
 * Checks list-append transactions one by one: the version orders and the level's graph grow with each, and what closes
 * a cycle or does not fit is judged by a full check at once. That is also made whenever the history has doubled, for
 * what shows only in the whole and for registers; so the total cost stays near linear.
 */
export function createTransactionChecker({
  faults = () => [],
  ...options
}: TransactionCheckerOptions = {}): TransactionChecker {
  const graph = createOnlineGraph(isolationLevel(resolveCheckOptions(options).model));
  const lists = createOnlineLists(graph);
  const clock = createRealtimeClock(graph);
  const operations: Operation[] = [];
  const lastOf = new Map<number, number>();
  let nextCheck = FIRST_FULL_CHECK;
  // After a false alarm, not at every step again.
  let quietUntil = 0;
  const verdict = (isRunning: boolean): TransactionVerdict =>
    checkTransactions(
      { operations: operations.toSorted((a, b) => a.invoked - b.invoked), faults: faults() },
      { ...options, isRunning },
    );
  return {
    verdict: () => verdict(false),
    add(operation) {
      if (operation.f !== 'txn') return undefined;
      operations.push(operation);
      const isSuspect = !fits(operation) && operations.length >= quietUntil;
      if (!isSuspect && operations.length < nextCheck) return undefined;
      nextCheck = operations.length * 2;
      const result = verdict(true);
      if (result.valid === false) return result;
      if (isSuspect) quietUntil = operations.length * 1.25;
      return undefined;
    },
  };

  function fits(operation: Operation): boolean {
    const steps = operation.value as readonly MicroOperation[];
    if (!steps.every(isOnLists)) return true;
    if (operation.type === 'fail')
      return steps.map(([f, key, element]) => f === 'r' || lists.appendFailed(key, element)).every(Boolean);
    const vertex = graph.addVertex();
    const isOk = operation.type === 'ok';
    let isFitting = isOk ? hasNoContradiction(operation) : true;
    if (graph.hasProcesses) {
      const before = lastOf.get(operation.process);
      if (before !== undefined) isFitting = graph.addEdge(before, vertex, PROCESS) && isFitting;
      if (isOk) lastOf.set(operation.process, vertex);
    }
    if (graph.hasRealtime) clock.tie(operation, vertex);
    for (const [at, [f, key, value]] of steps.entries()) {
      if (f !== 'r')
        isFitting =
          lists.append(key, value, {
            writer: vertex,
            isCertain: isOk,
            isOverwritten: steps.slice(at + 1).some(([other, same]) => other !== 'r' && same === key),
          }) && isFitting;
      else if (isOk) isFitting = lists.read(key, (value as readonly unknown[] | null) ?? [], vertex) && isFitting;
    }
    return isFitting;
  }
}

function isOnLists([f, , value]: MicroOperation): boolean {
  return f === 'append' || (f === 'r' && (value === null || value === undefined || Array.isArray(value)));
}

function hasNoContradiction(operation: Operation): boolean {
  const findings = createFindings(1);
  findInternalLists(readTransactions([operation], LIST_APPEND), findings);
  return findings.all.length === 0;
}
