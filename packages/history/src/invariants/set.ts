import type { History } from '../history.js';
import { invokedAt } from '../describe/moment.js';
import type { Verdict } from '../verdict.js';
import { addedElements } from './added-elements.js';
import { createFindings } from './findings.js';
import { listValues, plural } from './list-values.js';
import { judgeElements } from './read-elements.js';

/**
 * A set that only grows, judged by its last `ok` `read`: every `add` that was acknowledged before that read must be in
 * it, and nothing that nobody added. Unlike Jepsen's checker of that name it takes a failed `add` that is read for an
 * anomaly.
 */
export function checkSet(history: History): Verdict {
  const findings = createFindings('set', history);
  const added = addedElements(history.operations, 'add');
  const reads = history.operations.filter(({ f, type }) => f === 'read' && type === 'ok');
  const last = reads.toSorted((a, b) => a.invoked - b.invoked).at(-1);
  const attempts = [...added.values()];
  const acknowledged = attempts.filter(({ ok }) => ok !== undefined).length;
  if (last === undefined) return findings.verdict({ reads: 0, acknowledged }, 'the set was never read');
  const present = judgeElements(last, added, findings);
  const lost: typeof attempts = [];
  let recovered = 0;
  let neverRead = 0;
  for (const [id, element] of added) {
    if (!present.has(id) && element.ok !== undefined) {
      if (element.ok.completed < last.invoked) lost.push(element);
      else neverRead++;
    }
    if (present.has(id) && element.ok === undefined && element.attempts.length > 0) recovered++;
  }
  if (lost.length > 0) {
    const who = `the last read, by process ${last.process} at ${invokedAt(last)}`;
    findings.add(
      'lost-element',
      `${plural(lost.length, 'acknowledged element')} missing from ${who}: ` +
        listValues(lost.map(({ element }) => element)),
      [...lost.flatMap(({ ok }) => ok ?? []), last],
    );
  }
  return findings.verdict(
    { reads: reads.length, acknowledged, lost: lost.length, recovered, neverRead },
    acknowledged === 0
      ? 'no add was acknowledged'
      : neverRead === acknowledged
        ? 'every add was acknowledged only after the last read had begun'
        : undefined,
  );
}
