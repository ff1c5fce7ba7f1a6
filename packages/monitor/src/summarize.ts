import type { SampleScope, SampleSummary } from '@chaos/spec';
import type { Column, Row } from './sample-ring.js';

interface Total {
  sum: number;
  count: number;
  max: number;
}

const KEYS: ReadonlySet<string> = new Set<Column>(['scope', 'timeMs']);

/** Mean and maximum by scope and figure. */
export function summarize(rows: readonly Row[], nameOf: (scope: number) => SampleScope): SampleSummary['scopes'] {
  const scopes = new Map<SampleScope, Map<string, Total>>();
  for (const row of rows) {
    const name = nameOf(row.scope);
    const totals = scopes.get(name) ?? new Map<string, Total>();
    scopes.set(name, totals);
    for (const [figure, value] of Object.entries(row)) {
      if (KEYS.has(figure) || value === undefined) continue;
      const total = totals.get(figure) ?? { sum: 0, count: 0, max: -Infinity };
      totals.set(figure, { sum: total.sum + value, count: total.count + 1, max: Math.max(total.max, value) });
    }
  }
  const boiled = (totals: Map<string, Total>) =>
    Object.fromEntries([...totals].map(([figure, { sum, count, max }]) => [figure, { mean: sum / count, max }]));
  return Object.fromEntries([...scopes].map(([name, totals]) => [name, boiled(totals)]));
}
