import type { TransactionAnomaly } from './anomaly-type.js';
import type { Short } from './history.test.fixture.js';
import type { IsolationLevel } from './isolation-level.js';

/** A history that shows an anomaly: what it is called, and the strongest level that is left. */
export interface Vector {
  readonly what: string;
  readonly types: readonly TransactionAnomaly[];
  readonly strongest: IsolationLevel | undefined;
  readonly transactions: readonly (string | Short)[];
}

const vector = (
  what: string,
  types: Vector['types'],
  strongest: Vector['strongest'],
  ...transactions: Vector['transactions']
): Vector => ({ what, types, strongest, transactions });
const failed = (steps: string): Short => ({ steps, type: 'fail' });
const unknown = (steps: string): Short => ({ steps, type: 'info' });
// One after the other in real time.
const nth = (place: number, steps: string): Short => ({ steps, at: [place * 20, place * 20 + 10] });

export const LIST_VECTORS: readonly Vector[] = [
  vector('a write cycle', ['G0'], undefined, 'ax1 ay2', 'ax2 ay1', 'rx12 ry12'),
  vector('a read of an aborted append', ['G1a'], 'strong-read-uncommitted', failed('ax1'), 'rx1', 'ax2'),
  vector(
    'an append on top of an aborted one',
    ['dirty-update', 'G1a'],
    'strong-read-uncommitted',
    failed('ax1'),
    'ax2',
    'rx12',
  ),
  vector(
    'the same with an unknown one in between',
    ['dirty-update', 'G1a'],
    'strong-read-uncommitted',
    failed('ax1'),
    unknown('ax2'),
    'ax3',
    'rx123',
  ),
  vector('an intermediate read', ['G1b', 'G-single'], 'strong-read-uncommitted', 'ax1 ax2', 'rx1', 'rx12'),
  vector('circular information flow', ['G1c'], 'strong-read-uncommitted', 'ax1 ry1', 'ay1 rx1'),
  vector('read skew', ['fractured-read', 'G-single'], 'cursor-stability', 'ax1 ay1', 'rx ry1'),
  vector('an observed transaction that vanishes', ['OTV', 'G-single'], 'cursor-stability', 'ax1 ay1', 'ry1 rx'),
  vector('write skew', ['G2-item'], 'strong-snapshot-isolation', 'ax1 ry', 'ay1 rx', 'rx1 ry1'),
  vector('a long fork', ['G-nonadjacent'], 'strong-consistent-view', 'ax1', 'ay1', 'rx1 ry', 'rx ry1'),
  vector('a lost update', ['lost-update', 'G-single'], 'read-atomic', 'rx ax1', 'rx ax2', 'rx12'),
  vector(
    'a lost update of which one append is never seen',
    ['lost-update', 'G-single'],
    'read-atomic',
    'rx ax1',
    'rx ax2',
    'rx1',
  ),
  vector('orders that differ', ['incompatible-order'], 'strong-read-uncommitted', 'ax1', 'ax2', 'rx12', 'rx21'),
  vector(
    "one's own appends the wrong way round",
    ['incompatible-order', 'G1b'],
    'strong-read-uncommitted',
    'ax1 ax2',
    'rx21',
  ),
  vector('an element twice', ['duplicate-elements'], undefined, 'ax1', 'ax2', 'rx121'),
  vector('an element out of nowhere', ['garbage-read'], undefined, 'ax1', 'rx17'),
  vector('a read of its own future', ['future-read'], 'strong-read-uncommitted', 'rx1 ax1', 'ax2'),
  vector('a read without its own append', ['internal'], 'strong-read-uncommitted', 'ax1 rx2', 'ax2', 'rx21'),
  vector('two reads that differ', ['internal', 'G-single'], 'cursor-stability', 'rx rx1', 'ax1'),
  vector(
    'a stale read',
    ['G-single-realtime'],
    'strong-session-serializable',
    nth(0, 'ax1'),
    nth(1, 'rx'),
    nth(2, 'rx1'),
  ),
  vector(
    'a stale read in a process',
    ['G-single-process'],
    'serializable',
    { ...nth(0, 'ax1'), process: 100 },
    { ...nth(1, 'rx'), process: 100 },
    nth(2, 'rx1'),
  ),
  vector(
    'writes against real time',
    ['G0-realtime'],
    'strong-session-serializable',
    nth(0, 'ax1'),
    nth(1, 'ax2'),
    nth(2, 'rx21'),
  ),
  vector(
    'writes against the order of a process',
    ['G0-process'],
    'serializable',
    { ...nth(0, 'ax1'), process: 100 },
    { ...nth(1, 'ax2'), process: 100 },
    nth(2, 'rx21'),
  ),
  vector('information from the future', ['G1c-realtime'], 'strong-session-serializable', nth(0, 'rx1'), nth(1, 'ax1')),
  vector(
    'information from the future of a process',
    ['G1c-process'],
    'serializable',
    { ...nth(0, 'rx1'), process: 100 },
    { ...nth(1, 'ax1'), process: 100 },
  ),
  vector(
    'a long fork seen by processes',
    ['G-nonadjacent-process', 'G-single-realtime'],
    'serializable',
    'ax1',
    'ay1',
    ...['rx1', 'ry'].map((steps, at) => ({ ...nth(at, steps), process: 200 })),
    ...['ry1', 'rx'].map((steps, at) => ({ ...nth(at, steps), process: 201 })),
  ),
  vector(
    'write skew over real time',
    ['G2-item-realtime'],
    'strong-session-serializable',
    { steps: 'ax1 ry', at: [0, 50] },
    { steps: 'ay1', at: [0, 10] },
    { steps: 'rx', at: [20, 60] },
  ),
  vector(
    'write skew over the order of a process',
    ['G2-item-process'],
    'serializable',
    { steps: 'ax1 ry', at: [0, 50] },
    { steps: 'ay1', at: [0, 10], process: 200 },
    { steps: 'rx', at: [20, 60], process: 200 },
  ),
  vector(
    'a long fork over real time',
    ['G-nonadjacent-realtime'],
    'strong-session-serializable',
    { steps: 'ay1', at: [0, 10] },
    { steps: 'ax1', at: [5, 50] },
    { steps: 'rx1 ry', at: [5, 60] },
    { steps: 'rx', at: [20, 40] },
  ),
  vector(
    'an unknown append that was seen',
    ['G2-item'],
    'strong-snapshot-isolation',
    unknown('ax1 ay1'),
    'rx1 az1 rw',
    'aw1 rz rx1',
  ),
];

export const REGISTER_VECTORS: readonly Vector[] = [
  vector('versions before themselves', ['cyclic-versions', 'G1c'], undefined, 'gx2 wx1', 'gx1 wx2'),
  vector('a read of an aborted write', ['G1a'], 'strong-read-uncommitted', failed('wx1'), 'gx1', 'gx_ wx2', 'gx2'),
  vector(
    'a write over an aborted one',
    ['dirty-update', 'G1a'],
    'strong-read-uncommitted',
    failed('wx1'),
    'gx1 wx2',
    'gx2',
  ),
  vector('an intermediate read', ['G1b', 'G-single'], 'strong-read-uncommitted', 'gx_ wx1 wx2', 'gx1', 'gx2'),
  vector('circular information flow', ['G1c'], 'strong-read-uncommitted', 'gx_ wx1 gy1', 'gy_ wy1 gx1'),
  vector('read skew', ['fractured-read', 'G-single'], 'cursor-stability', 'gx_ wx1 gy_ wy1', 'gx_ gy1'),
  vector(
    'an observed transaction that vanishes',
    ['OTV', 'G-single'],
    'cursor-stability',
    'gx_ wx1 gy_ wy1',
    'gy1 gx_',
  ),
  vector('a lost update', ['lost-update', 'G2-item'], 'read-atomic', 'gx_ wx1', 'gx_ wx2', 'gx1'),
  vector('write skew', ['G2-item'], 'strong-snapshot-isolation', 'gx_ wx1 gy_', 'gy_ wy1 gx_', 'gx1 gy1'),
  vector('a long fork', ['G-nonadjacent'], 'strong-consistent-view', 'gx_ wx1', 'gy_ wy1', 'gx1 gy_', 'gx_ gy1'),
  vector('a value out of nowhere', ['garbage-read'], undefined, 'gx_ wx1', 'gx7', 'gx1'),
  vector('a read of its own future', ['future-read'], 'strong-read-uncommitted', 'gx1 wx1', 'gx1'),
  vector('a read without its own write', ['internal'], 'strong-read-uncommitted', 'gx_ wx1 gx_', 'gx1'),
  vector('two reads that differ', ['internal', 'G-single'], 'cursor-stability', 'gx_ gx1', 'gx_ wx1'),
  vector(
    'a stale read',
    ['G-single-realtime'],
    'strong-session-serializable',
    nth(0, 'gx_ wx1'),
    nth(1, 'gx_'),
    nth(2, 'gx1'),
  ),
  vector(
    'a stale read of blind writes',
    ['G-single-realtime'],
    'strong-session-serializable',
    nth(0, 'wx1'),
    nth(1, 'wx2'),
    nth(2, 'gx1 gy_ wy1'),
    nth(3, 'gy1'),
  ),
  vector(
    'reads that go back and forth between writes at the same time',
    ['G-single-realtime'],
    'strong-session-serializable',
    { steps: 'wx1', at: [0, 10] },
    { steps: 'wx2', at: [1, 11] },
    nth(1, 'gx1'),
    nth(2, 'gx2'),
    nth(3, 'gx1'),
  ),
  vector(
    'the same in a process',
    ['G-single-process'],
    'serializable',
    'wx1',
    'wx2',
    { ...nth(1, 'gx1'), process: 100 },
    { ...nth(2, 'gx2'), process: 100 },
    { ...nth(3, 'gx1'), process: 100 },
  ),
];
