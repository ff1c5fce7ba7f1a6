import { describeOperation } from '../describe-operation.js';
import { formatValue } from '../format-value.js';
import type { History } from '../history.js';
import { identify } from '../identify.js';
import { invokedAt } from '../moment.js';
import type { Operation } from '../operation.js';
import type { Verdict } from '../verdict.js';
import { createFindings } from './findings.js';
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
  const { within } = { within: 'all', ...options };
  const findings = createFindings('monotonic', history);
  const last = history.operations
    .filter(({ f, type }) => f === 'read' && type === 'ok')
    .toSorted((a, b) => a.invoked - b.invoked)
    .at(-1);
  const adds = new Map<unknown, Operation>();
  for (const add of history.operations) if (add.f === 'add') adds.set(identify(valueOf(add.value)), add);
  const acknowledged = [...adds.values()].filter(({ type }) => type === 'ok');
  if (last === undefined)
    return findings.verdict({ rows: 0, acknowledged: acknowledged.length }, 'the rows were never read');
  const rows = rowsOf(last);
  const read = `the last read, by process ${last.process} at ${invokedAt(last)},`;

  const present = new Map<unknown, number>();
  for (const { value } of rows) present.set(identify(value), (present.get(identify(value)) ?? 0) + 1);
  const lost = acknowledged.filter(
    ({ completed, value }) => completed < last.invoked && !present.has(identify(valueOf(value))),
  );
  if (lost.length > 0)
    findings.add(
      'lost-element',
      `${read} lacks ${plural(lost.length, 'acknowledged value')}: ${listValues(lost.map(({ value }) => valueOf(value)))}`,
      [...lost, last],
    );
  const twice = [...present].filter(([, count]) => count > 1).map(([value]) => value);
  if (twice.length > 0) findings.add('duplicate-element', `${read} has more than once: ${listValues(twice)}`, [last]);
  const revived = [...present.keys()].flatMap((value) => adds.get(value) ?? []).filter(({ type }) => type === 'fail');
  if (revived.length > 0)
    findings.add(
      'revived-element',
      `${read} has what was refused: ${listValues(revived.map(({ value }) => valueOf(value)))}`,
      [...revived, last],
    );

  const before = new Map<unknown, Row>();
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
    if (lower !== undefined && row.value <= lower.value && !twice.includes(identify(row.value))) {
      const writers = [lower, row].flatMap(({ value }) => adds.get(identify(value)) ?? []);
      findings.add(
        'values-out-of-order',
        `${read} has ${row.value} after ${lower.value}${within === 'all' ? '' : ` of ${within} ${formatValue(group)}`}, though each was above all before: ${writers.map(describeOperation).join(', ')}`,
        [...writers, last],
      );
    }
    before.set(group, row);
  }
  const recovered = [...present.keys()].filter((value) => adds.get(value)?.type === 'info').length;
  return findings.verdict(
    { rows: rows.length, acknowledged: acknowledged.length, lost: lost.length, recovered },
    rows.length === 0 || acknowledged.length === 0 ? 'no value was added and read' : undefined,
  );
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
    `Cannot check a monotonic history: current value of the ${describeOperation(read)} must be a list of { value, timestamp }`,
  );
}
