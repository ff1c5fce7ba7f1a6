import type { LoadResult } from '@chaos/spec';

/** Outcomes and most frequent errors, for failure messages. */
export function describeLoad(result: LoadResult): string {
  const outcomes = Object.entries(result.counts)
    .filter(([, count]) => count > 0)
    .map(([outcome, count]) => `${count} ${outcome}`);
  const errors = result.errors.slice(0, 5).map(({ outcome, message, count }) => `  ${count} × ${outcome}: ${message}`);
  return [
    `Operations: ${result.operations} in ${Math.round(result.durationMs)} ms${outcomes.length > 0 ? ` (${outcomes.join(', ')})` : ''}`,
    ...arrivalsOf(result),
    ...errors,
  ].join('\n');
}

function arrivalsOf({ arrivals }: LoadResult): string[] {
  if (arrivals === undefined) return [];
  const { process, planned, shed, lag } = arrivals;
  const late = `the generator was up to ${Math.round(lag.max)} ms late`;
  return [`Arrivals: ${planned}, ${process}; ${shed} shed; ${late}`];
}
