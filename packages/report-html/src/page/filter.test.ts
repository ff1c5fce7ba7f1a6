import { expect, test } from 'vitest';
import type { TestRow } from '../data/report-data.js';
import { createFilter } from './filter.js';

const row = (more: Partial<TestRow>): TestRow => ({
  id: 'x',
  title: 'reads survive a cut',
  file: 'suites/cache/a.chaos.ts',
  line: 3,
  category: 'cache',
  verdict: 'passed',
  durationMs: 1,
  attempts: 1,
  ...more,
});
const rows = [
  row({ id: 'a', tags: ['@cache', '@slow'], faults: ['link target→redis latency 50 ms'] }),
  row({ id: 'b', verdict: 'failed', failureClass: 'timeout', project: 'nightly', chaosId: 'C04' }),
  row({ id: 'c', verdict: 'did not run', title: 'Says "slow disk"', category: 'data' }),
];
const found = (query: string): string =>
  rows
    .filter(createFilter(query))
    .map(({ id }) => id)
    .join('');

test.each([
  ['', 'abc'],
  ['s:failed', 'b'],
  ['s:"did not run"', 'c'],
  ['s:did-not-run', 'c'],
  ['@cache', 'a'],
  ['@CACHE fault:latency', 'a'],
  ['fault:latency s:failed', ''],
  ['!s:failed', 'ac'],
  ['p:night', 'b'],
  ['c:data', 'c'],
  ['class:timeout', 'b'],
  ['c04', 'b'],
  ['survive cut', 'ab'],
  ['"survive a"', 'ab'],
  ['a.chaos.ts:3', 'abc'],
  ['http://x', ''],
  ['"', 'abc'],
])('%s', (query, ids) => expect(found(query)).toBe(ids));
