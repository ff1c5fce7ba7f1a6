import { describe, expect, it } from 'vitest';
import { TRANSACTION_ANOMALIES, anomalyType } from './anomaly-type.js';
import { ISOLATION_LEVELS, impliedLevels, isolationLevel } from './isolation-level.js';
import type { IsolationLevel } from './isolation-level.js';

// Adya 1999, fig. 5-1; Berenson et al. 1995; Bailis et al. 2013, fig. 2; the session and real-time variants on top.
describe('isolation levels', () => {
  it.each<[IsolationLevel, IsolationLevel[]]>([
    [
      'strict-serializable',
      [
        'serializable',
        'strong-snapshot-isolation',
        'strong-session-serializable',
        'repeatable-read',
        'strong-read-uncommitted',
      ],
    ],
    [
      'serializable',
      ['snapshot-isolation', 'repeatable-read', 'consistent-view', 'cursor-stability', 'read-atomic', 'read-committed'],
    ],
    ['snapshot-isolation', ['consistent-view', 'read-atomic', 'cursor-stability', 'read-committed']],
    ['repeatable-read', ['cursor-stability', 'read-atomic', 'read-committed']],
    ['read-atomic', ['monotonic-atomic-view', 'read-committed', 'read-uncommitted']],
    ['strong-read-committed', ['strong-session-read-committed', 'read-committed', 'strong-read-uncommitted']],
  ])('%s implies %j', (level, weaker) => {
    expect([...impliedLevels(level)]).toEqual(expect.arrayContaining(weaker));
  });

  it.each<[IsolationLevel, IsolationLevel]>([
    ['serializable', 'strong-session-read-uncommitted'],
    ['snapshot-isolation', 'repeatable-read'],
    ['repeatable-read', 'snapshot-isolation'],
    ['cursor-stability', 'read-atomic'],
    ['consistent-view', 'cursor-stability'],
    ['read-committed', 'monotonic-atomic-view'],
    ['strong-session-serializable', 'strong-read-uncommitted'],
  ])('%s does not imply %s', (level, other) => {
    expect(impliedLevels(level).has(other)).toBe(false);
  });

  it('are listed so that none comes before one that implies it', () => {
    for (const [place, level] of ISOLATION_LEVELS.entries()) {
      for (const weaker of impliedLevels(level)) expect(ISOLATION_LEVELS.indexOf(weaker)).toBeGreaterThanOrEqual(place);
    }
  });

  it('every anomaly breaks strict serializability, and each cycle what the worse ones break', () => {
    for (const type of TRANSACTION_ANOMALIES)
      expect(anomalyType(type).forbiddenBy.some((level) => impliedLevels('strict-serializable').has(level))).toBe(true);
    const breaks = (type: 'G0' | 'G1c' | 'G-single' | 'G-nonadjacent' | 'G2-item'): IsolationLevel[] =>
      ISOLATION_LEVELS.filter((level) =>
        anomalyType(type).forbiddenBy.some((weakest) => impliedLevels(level).has(weakest)),
      );
    expect(breaks('G0')).toEqual(expect.arrayContaining(breaks('G1c')));
    expect(breaks('G1c')).toEqual(expect.arrayContaining(breaks('G-single')));
    expect(breaks('G-single')).toEqual(expect.arrayContaining(breaks('G-nonadjacent')));
    expect(breaks('G-nonadjacent')).toEqual(expect.arrayContaining(breaks('G2-item')));
    expect(breaks('G2-item')).not.toContain('snapshot-isolation');
  });

  it('are known by other names too; an unknown one is named, with what is known', () => {
    expect(isolationLevel('PL-3')).toBe('serializable');
    expect(isolationLevel('strong-serializable')).toBe('strict-serializable');
    expect(() => isolationLevel('sereal')).toThrow(/"sereal", known are strict-serializable/);
    expect(() => isolationLevel('constructor')).toThrow(RangeError);
  });
});
