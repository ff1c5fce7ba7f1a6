import { describeOperation } from '../describe/describe-operation.js';
import { formatValue } from '../describe/format-value.js';
import type { History } from '../history.js';
import { identify } from '../identify.js';
import type { Operation } from '../operation.js';
import type { Verdict } from '../verdict.js';
import { createFindings } from './findings.js';

/**
 * Two `insert`s per key, `[key, row]`, each of which reads two tables by a predicate and inserts into one of them only
 * where both reads found nothing. Of a key at most one may be `ok`: two are an anti-dependency cycle through a
 * predicate (G2), which serializability forbids. Source: Adya, Weak consistency (1999), 4.2.3; Jepsen's G2.
 */
export function checkPredicateG2(history: History): Verdict {
  const findings = createFindings('predicate-g2', history);
  const byKey = new Map<unknown, { readonly key: unknown; attempts: number; readonly ok: Operation[] }>();
  for (const operation of history.operations) {
    if (operation.f !== 'insert') continue;
    const [key] = pairOf(operation);
    const known = byKey.get(identify(key)) ?? { key, attempts: 0, ok: [] };
    known.attempts++;
    if (operation.type === 'ok') known.ok.push(operation);
    byKey.set(identify(key), known);
  }
  const keys = [...byKey.values()];
  for (const { key, ok } of keys) {
    if (ok.length < 2) continue;
    ok.sort((a, b) => a.completed - b.completed);
    findings.add(
      'G2',
      `key ${formatValue(key)} was inserted ${ok.length} times, though each found nothing before: ` +
        ok.map(describeOperation).join(', '),
      ok,
      { forbiddenBy: 'serializable', shownBy: ok[1] as Operation },
    );
  }
  const contended = keys.filter(({ attempts, ok }) => attempts > 1 && ok.length > 0).length;
  return findings.verdict(
    { keys: keys.length, contendedKeys: contended },
    contended === 0 ? 'no key had two inserts of which one was acknowledged' : undefined,
  );
}

function pairOf(operation: Operation): readonly [unknown, unknown] {
  if (Array.isArray(operation.value) && operation.value.length === 2) return operation.value as [unknown, unknown];
  throw new TypeError(
    `Cannot check for G2: current operation is ${describeOperation(operation)}, its value must be [key, row]`,
  );
}
