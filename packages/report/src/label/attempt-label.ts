import type { RunRecord } from '@chaos/record';

/** ` (retry #2)`, or ` (run #3)` where tests are repeated; empty for the first try. */
export function attemptLabel(retry: number, { start }: Pick<RunRecord, 'start'>): string {
  if (start?.until !== undefined) return ` (run #${retry + 1})`;
  return retry > 0 ? ` (retry #${retry})` : '';
}
