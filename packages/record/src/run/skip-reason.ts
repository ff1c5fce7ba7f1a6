import type { TestRecord } from './run-record.js';

const REASONS: ReadonlySet<string> = new Set(['skip', 'fixme', 'requires', 'quarantine']);

/** The reason why a test was skipped; empty if none was given. */
export function skipReason({ test, attempts, skip }: TestRecord): string {
  const last = attempts.at(-1);
  const annotation = [...(last?.annotations ?? []), ...test.annotations].find(
    ({ type, description }) => REASONS.has(type) && description !== undefined,
  );
  return last?.inconclusive ?? skip?.reason ?? annotation?.description ?? '';
}
