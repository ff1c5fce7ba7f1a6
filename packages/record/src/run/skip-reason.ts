import type { TestRecord } from './run-record.js';

const REASONS: ReadonlySet<string> = new Set(['skip', 'fixme', 'requires', 'quarantine']);

/** Why a test says nothing; empty where nobody told. */
export function skipReason({ test, attempts, skip }: TestRecord): string {
  const last = attempts.at(-1);
  const annotation = [...(last?.annotations ?? []), ...test.annotations].find(
    ({ type, description }) => REASONS.has(type) && description !== undefined,
  );
  return last?.inconclusive ?? skip?.reason ?? annotation?.description ?? '';
}
