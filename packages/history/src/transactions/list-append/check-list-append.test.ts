import { describe, expect, it } from 'vitest';
import { historyOf } from '../history.test.fixture.js';
import type { Short } from '../history.test.fixture.js';
import { checkListAppend } from './check-list-append.js';

const typesOf = (...shorts: (string | Short)[]): string[] => checkListAppend(historyOf(...shorts)).anomalies.map(({ type }) => type);
const failed = (steps: string): Short => ({ steps, type: 'fail' });

describe('checkListAppend() names', () => {
  it.each<[string, string[], (string | Short)[]]>([
    ['a write cycle', ['G0'], ['ax1 ay2', 'ax2 ay1', 'rx12 ry12']],
    ['a read of an aborted append', ['G1a'], [failed('ax1'), 'rx1', 'ax2']],
    ['an append on top of an aborted one', ['dirty-update', 'G1a'], [failed('ax1'), 'ax2', 'rx12']],
    ['an intermediate read', ['G1b', 'G-single'], ['ax1 ax2', 'rx1', 'rx12']],
    ['circular information flow', ['G1c'], ['ax1 ry1', 'ay1 rx1']],
    ['read skew', ['fractured-read', 'G-single'], ['ax1 ay1', 'rx ry1']],
    ['an observed transaction that vanishes', ['OTV', 'G-single'], ['ax1 ay1', 'ry1 rx']],
    ['write skew', ['G2-item'], ['ax1 ry', 'ay1 rx', 'rx1 ry1']],
    ['a long fork', ['G-nonadjacent'], ['ax1', 'ay1', 'rx1 ry', 'rx ry1']],
    ['a lost update', ['lost-update', 'G-single'], ['rx ax1', 'rx ax2', 'rx12']],
    ['orders that differ', ['incompatible-order'], ['ax1', 'ax2', 'rx12', 'rx21']],
    ['an element twice', ['duplicate-elements'], ['ax1', 'ax2', 'rx121']],
    ['an element out of nowhere', ['garbage-read'], ['ax1', 'rx17']],
    ['a read of its own future', ['future-read', 'internal'].slice(0, 1), ['rx1 ax1', 'ax2']],
    ['a read without its own append', ['internal'], ['ax1 rx2', 'ax2', 'rx21']],
    ['two reads that differ', ['internal', 'G-single'], ['rx rx1', 'ax1']],
  ])('%s', (_, types, shorts) => {
    expect(typesOf(...shorts)).toEqual(types);
  });
});
