import { describeOperation } from '../describe/describe-operation.js';
import { formatValue } from '../describe/format-value.js';
import type { History } from '../history.js';
import type { Verdict } from '../verdict.js';
import { createFindings } from './findings.js';

/**
 * One process writes the parts of a key one after the other; an `ok` `read`, `[key, parts]`, gives them last part
 * first, `null` where there is none. Who sees a later part must see all earlier ones, for that was the process's order:
 * sequential consistency. Source: Jepsen's sequential workload.
 */
export function checkSequential(history: History): Verdict {
  const findings = createFindings('sequential', history);
  let reads = 0;
  let partial = 0;
  for (const read of history.operations) {
    if (read.f !== 'read' || read.type !== 'ok') continue;
    const [key, parts] = (Array.isArray(read.value) ? read.value : []) as [unknown, unknown];
    if (!Array.isArray(parts))
      throw new TypeError(
        `Cannot check a sequential history: current value of the ${describeOperation(read)} must be ` +
          '[key, [last part, ..., first part]]',
      );
    reads++;
    const first = parts.findIndex((part) => (part ?? null) !== null);
    if (first > 0) partial++;
    const gap = first < 0 ? -1 : parts.findIndex((part, index) => index > first && (part ?? null) === null);
    if (gap >= 0)
      findings.add(
        'sequential-gap',
        `${describeOperation(read)} cannot be: of key ${formatValue(key)} it saw ` +
          `${formatValue(parts[first])}, but not part ${parts.length - gap} of ${parts.length}, ` +
          'which the same process had written before',
        [read],
      );
  }
  return findings.verdict({ reads, partialReads: partial }, reads === 0 ? 'nothing was read' : undefined);
}
