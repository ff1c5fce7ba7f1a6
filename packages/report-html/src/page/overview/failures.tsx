import type { VNode } from 'preact';
import type { TestRow } from '../../data/report-data.js';
import { counted, plain } from '../format.js';
import { Text } from '../parts/text.js';
import { Row } from '../tests/row.js';

interface Group {
  readonly pattern: string;
  readonly failureClass: string;
  readonly rows: TestRow[];
}

const SHOWN = 5;
const MOST_GROUPS = 30;

/** Tests that failed, those with the same kind of failure and the same words together. */
export function Failures({ tests }: { readonly tests: readonly TestRow[] }): VNode | null {
  const groups = grouped(tests.filter(({ verdict }) => verdict === 'failed' || verdict === 'flaky'));
  if (groups.length === 0) return null;
  return (
    <section aria-labelledby="failures">
      <h2 id="failures">Failures by pattern</h2>
      {groups.slice(0, MOST_GROUPS).map(({ pattern, failureClass, rows }) => (
        <details class="group" key={`${failureClass} ${pattern}`} open={groups.length <= SHOWN}>
          <summary>
            <span class="count">{rows.length}</span> <span class="tag">{failureClass}</span> <Text>{pattern}</Text>
          </summary>
          <ul class="tests">
            {rows.slice(0, 20).map((row) => (
              <Row key={row.id} row={row} />
            ))}
          </ul>
          {rows.length > 20 && <p class="dim">and {counted(rows.length - 20, 'more test')}</p>}
        </details>
      ))}
      {groups.length > MOST_GROUPS && <p class="dim">and {counted(groups.length - MOST_GROUPS, 'more pattern')}</p>}
    </section>
  );
}

/** Groups of failures, the largest first. */
function grouped(rows: readonly TestRow[]): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const row of rows) {
    const pattern = patternOf(row.message ?? '');
    const failureClass = row.failureClass ?? 'error';
    const key = `${failureClass} ${pattern}`;
    const group = groups.get(key) ?? { pattern, failureClass, rows: [] };
    group.rows.push(row);
    groups.set(key, group);
  }
  return [...groups.values()].sort((one, other) => other.rows.length - one.rows.length);
}

/** A message without what differs from one failure to the next: numbers and ids. */
export function patternOf(message: string): string {
  const text = plain(message)
    .replace(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, '…')
    .replace(/\b(?=[0-9a-f]*\d)[0-9a-f]{8,}\b/gi, '…')
    .replace(/\d+(?:[.,]\d+)*/g, '#')
    .slice(0, 160);
  return text === '' ? '(no message)' : text;
}
