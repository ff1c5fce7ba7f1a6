import { explainAnomaly } from './explain/explain-anomaly.js';
import type { Verdict } from './verdict.js';

const SHOWN = 5;

/** A verdict in words: the answer, the worst anomalies with the faults during them, and what it rests on. */
export function describeVerdict({ valid, model, strongest, anomalies, coverage, reason }: Verdict): string {
  const answer = valid === 'unknown' ? `nobody can tell whether it is ${model}` : `${valid ? 'it is' : 'it is not'} ${model}`;
  const lines = [`History: ${answer}${reason === undefined ? '' : ` (${reason})`}${strongest === undefined || strongest === model ? '' : `; the strongest that holds is ${strongest}`}`];
  for (const anomaly of anomalies.slice(0, SHOWN)) lines.push('', explainAnomaly(anomaly));
  if (anomalies.length > SHOWN) lines.push('', `and ${anomalies.length - SHOWN} anomalies more`);
  const { operations, ok, fail, info, ...figures } = coverage;
  const more = Object.entries(figures).map(([name, figure]) => `, ${name} ${Number.isInteger(figure) ? figure : figure.toFixed(3)}`);
  lines.push('', `${operations} operations: ${ok} ok, ${fail} failed, ${info} nobody can tell${more.join('')}`);
  return lines.join('\n');
}
