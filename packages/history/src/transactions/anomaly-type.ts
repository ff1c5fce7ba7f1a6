import type { IsolationLevel } from './isolation-level.js';

/** A cycle's kind, by the dependencies in it; its variants with process and real-time order have a suffix. */
export type CycleType = 'G0' | 'G1c' | 'G-single' | 'G-nonadjacent' | 'G2-item';

/** The literature's names of what transactions can show. */
export type TransactionAnomaly =
  | CycleType
  | `${CycleType}-process`
  | `${CycleType}-realtime`
  | 'garbage-read'
  | 'duplicate-elements'
  | 'cyclic-versions'
  | 'dirty-update'
  | 'incompatible-order'
  | 'G1a'
  | 'G1b'
  | 'future-read'
  | 'OTV'
  | 'fractured-read'
  | 'internal'
  | 'lost-update';

/** Cycles, the worst first: each is forbidden by a weaker level than the next. */
export const CYCLE_TYPES: readonly CycleType[] = ['G0', 'G1c', 'G-single', 'G-nonadjacent', 'G2-item'];

interface AnomalyType {
  /** The weakest levels that forbid it. */
  readonly forbiddenBy: readonly IsolationLevel[];
  /** Short description. */
  readonly title: string;
}

const by = (title: string, ...forbiddenBy: IsolationLevel[]): AnomalyType => ({ title, forbiddenBy });

// Worst first; the order in which a verdict lists them.
const TYPES: Readonly<Record<TransactionAnomaly, AnomalyType>> = {
  'garbage-read': by('a read of something that nobody wrote', 'read-uncommitted'),
  'duplicate-elements': by('a list with an element twice', 'read-uncommitted'),
  'cyclic-versions': by('versions that come before themselves', 'read-uncommitted'),
  G0: by('a write cycle', 'read-uncommitted'),
  'dirty-update': by('a write on top of an aborted one', 'read-committed'),
  'incompatible-order': by('reads that disagree about the order of writes', 'read-committed'),
  G1a: by('an aborted read', 'read-committed'),
  G1b: by('an intermediate read', 'read-committed'),
  'future-read': by('a read of what the transaction writes later', 'read-committed'),
  G1c: by('circular information flow', 'read-committed'),
  OTV: by('an observed transaction that vanishes', 'monotonic-atomic-view'),
  'fractured-read': by('a transaction seen in part', 'read-atomic'),
  internal: by('a read that contradicts the transaction itself', 'read-atomic'),
  'lost-update': by('a lost update', 'cursor-stability', 'consistent-view'),
  'G-single': by('read skew', 'consistent-view', 'repeatable-read'),
  'G-nonadjacent': by('a long fork or a like cycle', 'snapshot-isolation', 'repeatable-read'),
  'G2-item': by('write skew', 'repeatable-read'),
  'G0-process': by('a write cycle against the order of a process', 'strong-session-read-uncommitted'),
  'G1c-process': by('information flow against the order of a process', 'strong-session-read-committed'),
  'G-single-process': by('read skew against the order of a process', 'strong-session-consistent-view'),
  'G-nonadjacent-process': by('a long fork against the order of a process', 'strong-session-snapshot-isolation'),
  'G2-item-process': by('write skew against the order of a process', 'strong-session-serializable'),
  'G0-realtime': by('a write cycle against real time', 'strong-read-uncommitted'),
  'G1c-realtime': by('information flow against real time', 'strong-read-committed'),
  'G-single-realtime': by('a stale read', 'strong-consistent-view'),
  'G-nonadjacent-realtime': by('a long fork against real time', 'strong-snapshot-isolation'),
  'G2-item-realtime': by('write skew against real time', 'strict-serializable'),
};

/** Every anomaly's name, the worst first. */
export const TRANSACTION_ANOMALIES: readonly TransactionAnomaly[] = Object.keys(TYPES) as TransactionAnomaly[];

/** Looks up the description of an anomaly and the levels that forbid it. */
export function anomalyType(name: TransactionAnomaly): AnomalyType {
  return TYPES[name];
}
