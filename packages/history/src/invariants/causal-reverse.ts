import { describeOperation } from '../describe/describe-operation.js';
import type { History } from '../history.js';
import { identify } from '../identify.js';
import type { Operation } from '../operation.js';
import type { Verdict } from '../verdict.js';
import { addedElements } from './added-elements.js';
import { createFindings } from './findings.js';
import { elementsOf } from './read-elements.js';

/**
 * Blind `write`s of different values, and `read`s of all values at once: who sees a write must see every write that was
 * acknowledged before it began. Strict serializability demands it; serializability alone lets a later write be seen
 * without an earlier one. Source: Jepsen's causal-reverse (CockroachDB's comments).
 */
export function checkCausalReverse(history: History): Verdict {
  const findings = createFindings('causal-reverse', history);
  const written = addedElements(history.operations, 'write');
  const acknowledged = [...written]
    .filter(([, { ok }]) => ok !== undefined)
    .map(([id, { ok }]) => ({ id, ok: ok as Operation }))
    .sort((a, b) => a.ok.completed - b.ok.completed);
  let reads = 0;
  for (const read of history.operations) {
    if (read.f !== 'read' || read.type !== 'ok') continue;
    reads++;
    const seen = new Set(elementsOf(read).map(identify));
    let latest: Operation | undefined;
    for (const id of seen) {
      const [attempt] = written.get(id)?.attempts ?? [];
      if (attempt !== undefined && attempt.invoked > (latest?.invoked ?? -Infinity)) latest = attempt;
    }
    for (const { id, ok } of latest === undefined ? [] : acknowledged) {
      if (ok.completed >= (latest as Operation).invoked) break;
      if (seen.has(id)) continue;
      findings.add(
        'causal-reverse',
        `the read by process ${read.process} has ${describeOperation(latest as Operation)}, ` +
          `but lacks ${describeOperation(ok)}, which had ended before that began`,
        [ok, latest as Operation, read],
        { forbiddenBy: 'strict-serializable' },
      );
      break;
    }
  }
  return findings.verdict(
    { reads, acknowledged: acknowledged.length },
    reads === 0 ? 'nothing was read' : acknowledged.length === 0 ? 'no write was acknowledged' : undefined,
  );
}
