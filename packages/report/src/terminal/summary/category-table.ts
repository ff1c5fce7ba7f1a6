import { formatDuration } from '../../format-duration.js';
import { verdictOf, type TestRecord, type Verdict } from '@chaos/record';

const COLUMNS: readonly (readonly [title: string, verdicts: readonly Verdict[]])[] = [
  ['passed', ['passed']],
  ['failed', ['failed', 'interrupted']],
  ['flaky', ['flaky']],
  ['skipped', ['skipped']],
  ['inconclusive', ['inconclusive']],
  ['quarantined', ['quarantined']],
  ['did not run', ['did not run']],
];
// Shown only if there are any: most projects have no quarantine, and most runs reach every test.
const RARE: ReadonlySet<string> = new Set(['quarantined', 'did not run']);

/** One line per category with the outcomes of its tests and their total time, all attempts included. */
export function categoryTable(records: Iterable<TestRecord>): string[] {
  const rows = new Map<string, { readonly counts: number[]; timeMs: number }>();
  for (const record of records) {
    const category = record.test.category || '(none)';
    const row = rows.get(category) ?? { counts: COLUMNS.map(() => 0), timeMs: 0 };
    rows.set(category, row);
    const verdict = verdictOf(record);
    const column = COLUMNS.findIndex(([, verdicts]) => verdicts.includes(verdict));
    row.counts[column] = (row.counts[column] ?? 0) + 1;
    row.timeMs += record.attempts.reduce((sum, { durationMs }) => sum + durationMs, 0);
  }
  const width = Math.max('category'.length, ...[...rows.keys()].map((name) => name.length));
  const isShown = COLUMNS.map(
    ([title], index) => !RARE.has(title) || [...rows.values()].some(({ counts }) => (counts[index] ?? 0) > 0),
  );
  const line = (name: string, cells: readonly string[], time: string): string => {
    const aligned = cells.map((cell, index) => cell.padStart(COLUMNS[index]![0].length + 2));
    return `  ${name.padEnd(width)}${aligned.filter((_, index) => isShown[index]).join('')}${time.padStart(8)}`;
  };
  return [
    line(
      'category',
      COLUMNS.map(([title]) => title),
      'time',
    ),
    ...[...rows]
      .toSorted(([a], [b]) => a.localeCompare(b))
      .map(([name, { counts, timeMs }]) => line(name, counts.map(String), formatDuration(timeMs))),
  ];
}
