import type { LoadResult } from '@chaos/spec';

/** Outcomes and most frequent errors, for failure messages. */
export function describeLoad(result: LoadResult): string {
  const outcomes = Object.entries(result.counts)
    .filter(([, count]) => count > 0)
    .map(([outcome, count]) => `${count} ${outcome}`);
  const errors = result.errors.slice(0, 5).map(({ outcome, message, count }) => `  ${count} × ${outcome}: ${message}`);
  return [
    `Operations: ${result.operations} in ${Math.round(result.durationMs)} ms${outcomes.length > 0 ? ` (${outcomes.join(', ')})` : ''}`,
    ...errors,
  ].join('\n');
}
