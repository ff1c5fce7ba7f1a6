import { describeOperation } from '../describe/describe-operation.js';
import { formatValue } from '../describe/format-value.js';
import type { History } from '../history.js';
import { identify } from '../identify.js';
import type { Operation } from '../operation.js';
import type { Verdict } from '../verdict.js';
import { createFindings } from './findings.js';

/** Options of {@link checkUniqueIds}. */
export interface UniqueIdsOptions {
  /** The `f` of the operations that make identifiers. Default `generate`. */
  readonly f?: string;
}

const MOST_SHOWN = 10;

/** No two `ok` operations were given the same identifier. */
export function checkUniqueIds(history: History, options: UniqueIdsOptions = {}): Verdict {
  const { f } = { f: 'generate', ...options };
  const findings = createFindings('unique-ids', history);
  const first = new Map<unknown, Operation>();
  const again = new Map<Operation, Operation[]>();
  let generated = 0;
  const acknowledged = history.operations.filter((one) => one.f === f && one.type === 'ok');
  acknowledged.sort((a, b) => a.completed - b.completed);
  for (const operation of acknowledged) {
    generated++;
    const id = identify(operation.value);
    const earlier = first.get(id);
    if (earlier === undefined) first.set(id, operation);
    else again.set(earlier, [...(again.get(earlier) ?? [earlier]), operation]);
  }
  for (const same of [...again.values()].slice(0, MOST_SHOWN)) {
    findings.add(
      'duplicate-id',
      `${formatValue(same[0]?.value)} was given ${same.length} times: ` +
        same.slice(0, 3).map(describeOperation).join(', '),
      same,
      { shownBy: same[1] as Operation },
    );
  }
  return findings.verdict(
    { generated, duplicates: again.size },
    generated === 0 ? `no ${f} was acknowledged` : undefined,
  );
}
