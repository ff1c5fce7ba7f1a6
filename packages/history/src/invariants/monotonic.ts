import { describeOperation } from '../describe/describe-operation.js';
import { formatValue } from '../describe/format-value.js';
import type { History } from '../history.js';
import { identify } from '../identify.js';
import { invokedAt } from '../describe/moment.js';
import type { Operation } from '../operation.js';
import type { Verdict } from '../verdict.js';
import { addedElements, type AddedElement } from './added-elements.js';
import { createFindings, type Findings } from './findings.js';
import { listValues, plural } from './list-values.js';

/** Options of {@link checkMonotonic}. */
export interface MonotonicOptions {
  /**
   * Within what the values must grow: in all rows, or in those with the same `process`, `node` or `table`. Default
   * `all`.
   */
  readonly within?: 'all' | 'process' | 'node' | 'table';
}

/** A row: the value, and when the database says that it was written. */
interface Row {
  readonly value: number;
  readonly timestamp: number | string | bigint;
  readonly [field: string]: unknown;
}

/**
 * Each `add` inserts a value above the highest there is, with the database's own timestamp; the last `ok` `read` gives
 * all rows in the order of those, `{ value, timestamp, process?, node?, table? }`. Timestamps must not fall, values
 * must rise, every acknowledged value is there once, and none that was refused. Source: Jepsen's monotonic workload for
 * CockroachDB.
 */
export function checkMonotonic(history: History, options: MonotonicOptions = {}): Verdict {
  const { within } = { within: 'all' as const, ...options };
  const findings = createFindings('monotonic', history);
  const last = history.operations
    .filter(({ f, type }) => f === 'read' && type === 'ok')
    .toSorted((a, b) => a.invoked - b.invoked)
    .at(-1);
  const added = addedElements(history.operations, 'add', ({ value }) => valueOf(value));
  const acknowledged = [...added.values()].filter(({ ok }) => ok !== undefined).length;
  if (last === undefined) return findings.verdict({ rows: 0, acknowledged }, 'the rows were never read');
  const rows = rowsOf(last);
  const evidence: Evidence = {
    rows,
    added,
    findings,
    last,
    read: `the last read, by process ${last.process} at ${invokedAt(last)},`,
  };
  const figures = judgePresence(evidence);
  judgeOrder(evidence, within);
  return findings.verdict(
    { rows: rows.length, acknowledged, ...figures },
    rows.length === 0 || acknowledged === 0 ? 'no value was added and read' : undefined,
  );
}

interface Evidence {
  readonly rows: readonly Row[];
  readonly added: ReadonlyMap<unknown, AddedElement>;
  readonly findings: Findings;
  readonly last: Operation;
  /** The last read, in words. */
  readonly read: string;
}

// Every acknowledged value is there once, and none that was only refused.
function judgePresence({
  rows,
  added,
  findings,
  last,
  read,
}: Evidence): Readonly<Record<'lost' | 'recovered' | 'neverRead', number>> {
  const present = new Map<unknown, number>();
  for (const { value } of rows) present.set(identify(value), (present.get(identify(value)) ?? 0) + 1);
  const missing = [...added].flatMap(([id, one]) => (one.ok !== undefined && !present.has(id) ? [one] : []));
  const lost = missing.filter(({ ok }) => ok!.completed < last.invoked);
  if (lost.length > 0)
    findings.add(
      'lost-element',
      `${read} lacks ${plural(lost.length, 'acknowledged value')}: ${listValues(lost.map(({ element }) => element))}`,
      [...lost.flatMap(({ ok }) => ok ?? []), last],
    );
  const twice = [...present].filter(([, count]) => count > 1).map(([value]) => value);
  if (twice.length > 0) findings.add('duplicate-element', `${read} has more than once: ${listValues(twice)}`, [last]);
  const known = [...present.keys()].flatMap((value) => added.get(value) ?? []);
  const revived = known.filter(({ attempts }) => attempts.length === 0);
  if (revived.length > 0)
    findings.add(
      'revived-element',
      `${read} has what was refused: ${listValues(revived.map(({ element }) => element))}`,
      [...revived.flatMap(({ failed }) => failed ?? []), last],
    );
  const recovered = known.filter(({ ok, attempts }) => ok === undefined && attempts.length > 0).length;
  return { lost: lost.length, recovered, neverRead: missing.length - lost.length };
}

// Timestamps do not fall and values rise, the latter within each group.
function judgeOrder(
  { rows, added, findings, last, read }: Evidence,
  within: MonotonicOptions['within'] & string,
): void {
  const before = new Map<unknown, Row>();
  const once = new Set<number>();
  const twice = new Set<number>();
  for (const { value } of rows) (once.has(value) ? twice : once).add(value);
  let previous: Row | undefined;
  for (const row of rows) {
    if (previous !== undefined && row.timestamp < previous.timestamp) {
      findings.add(
        'timestamps-out-of-order',
        `${read} has ${formatValue(row)} after ${formatValue(previous)}: the timestamp falls`,
        [last],
      );
    }
    previous = row;
    const group = within === 'all' ? undefined : row[within];
    const lower = before.get(group);
    // The same value again is told as a duplicate.
    if (lower !== undefined && row.value <= lower.value && !twice.has(row.value)) {
      const writers = [lower, row].flatMap(({ value }) => writerOf(value) ?? []);
      findings.add(
        'values-out-of-order',
        `${read} has ${row.value} after ${lower.value}${within === 'all' ? '' : ` of ${within} ${formatValue(group)}`}, though each was above all before: ${writers.map(describeOperation).join(', ')}`,
        [...writers, last],
      );
    }
    before.set(group, row);
  }

  function writerOf(value: number): Operation | undefined {
    const known = added.get(identify(value));
    return known?.ok ?? known?.attempts[0] ?? known?.failed;
  }
}

function valueOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'value' in value ? value.value : value;
}

function rowsOf(read: Operation): readonly Row[] {
  if (
    Array.isArray(read.value) &&
    read.value.every((row: unknown) => typeof row === 'object' && row !== null && 'value' in row && 'timestamp' in row)
  )
    return read.value as Row[];
  throw new TypeError(
    `Cannot check a monotonic history: current value of the ${describeOperation(read)} must be a list of ` +
      '{ value, timestamp }',
  );
}
