import { identify } from '../identify.js';
import type { Operation } from '../operation.js';

/** A value of a register: its write, and the reads that saw it. */
export interface Cluster {
  readonly value: unknown;
  /** Absent for the initial value, and as long as only reads of it are known. */
  write: Operation | undefined;
  reads: number;
  /** Of its operations the one that completed first, and that one's completion. */
  firstDone: Operation | undefined;
  finish: number;
  /** Of its operations the one that was invoked last, and that one's invocation. */
  lastInvoked: Operation | undefined;
  start: number;
}

/** The operations on one register so far. */
export interface Clusters {
  readonly all: readonly Cluster[];
  /** The value that was there before the first write. */
  readonly initial: Cluster;
  /** Failed writes by the identity of their value. */
  readonly failed: ReadonlyMap<unknown, Operation>;
  /** True if zones decide it: no value was written twice. */
  readonly unique: boolean;
  /** Number of reads that were answered. */
  readonly reads: number;
  /** Takes one operation into account, in any order. `value` is its value, without the key. */
  add(operation: Operation, value: unknown): void;
}

/** Collects the operations of one register by the value that they wrote or read. */
export function createClusters(initialValue: unknown): Clusters {
  const byValue = new Map<unknown, Cluster>();
  const failed = new Map<unknown, Operation>();
  const all: Cluster[] = [];
  let unique = true;
  let reads = 0;
  const cluster = (value: unknown): Cluster => {
    const id = typeof value === 'number' ? value : identify(value);
    let known = byValue.get(id);
    if (known === undefined) {
      known = emptyCluster(value);
      byValue.set(id, known);
      all.push(known);
    }
    return known;
  };
  const initial = cluster(initialValue);
  // It was there before everything.
  initial.finish = -Infinity;
  return {
    all,
    initial,
    failed,
    get unique() {
      return unique;
    },
    get reads() {
      return reads;
    },
    add(operation, value) {
      const { f, type } = operation;
      if (f === 'write') {
        if (type === 'fail') {
          failed.set(identify(value), operation);
          return;
        }
        const one = cluster(value);
        if (one === initial || one.write !== undefined) unique = false;
        one.write = operation;
        extend(one, operation);
      } else if (f === 'read') {
        if (type !== 'ok') return;
        const one = cluster(value);
        one.reads++;
        reads++;
        extend(one, operation);
      } else
        throw new TypeError(
          `Cannot check an operation of a register: current f is ${JSON.stringify(f)}, it must be read or write`,
        );
    },
  };
}

function emptyCluster(value: unknown): Cluster {
  return {
    value,
    write: undefined,
    reads: 0,
    firstDone: undefined,
    finish: Infinity,
    lastInvoked: undefined,
    start: -Infinity,
  };
}

function extend(cluster: Cluster, operation: Operation): void {
  if (operation.completed < cluster.finish) {
    cluster.finish = operation.completed;
    cluster.firstDone = operation;
  }
  if (operation.invoked > cluster.start) {
    cluster.start = operation.invoked;
    cluster.lastInvoked = operation;
  }
}
