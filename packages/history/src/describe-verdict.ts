import { explainAnomaly } from './explain/explain-anomaly.js';
import type { Anomaly, Verdict } from './verdict.js';

const SHOWN = 5;

/**
 * A verdict in words: the answer, the worst anomaly with its operations and reasons, the next ones in a line, and what
 * it all rests on.
 */
export function describeVerdict(verdict: Verdict): string {
  const { valid, model, strongest, reason } = verdict;
  const answer =
    valid === 'unknown' ? `nobody can tell whether it is ${model}` : `${valid ? 'it is' : 'it is not'} ${model}`;
  const better = strongest === undefined || strongest === model ? '' : `; the strongest that holds is ${strongest}`;
  return `History: ${answer}${reason === undefined ? '' : ` (${reason})`}${better}\n${describeEvidence(verdict)}`;
}

/** The lines after the answer. */
export function describeEvidence({ valid, model, anomalies, coverage }: Verdict): string {
  const lines =
    valid === true && anomalies.length > 0
      ? [`It shows ${[...new Set(anomalies.map(({ type }) => type))].join(', ')}, which ${model} allows.`]
      : [];
  if (valid !== true) lines.push(...tell(anomalies));
  const { operations, ok, fail, info, ...figures } = coverage;
  const more = Object.entries(figures).map(
    ([name, figure]) => `, ${name} ${Number.isInteger(figure) ? figure : figure.toFixed(3)}`,
  );
  return [
    ...lines,
    '',
    `${operations} ${operations === 1 ? 'operation' : 'operations'}: ${ok} ok, ${fail} failed, ${info} nobody can tell${more.join('')}`,
  ].join('\n');
}

function tell([worst, ...others]: readonly Anomaly[]): string[] {
  if (worst === undefined) return [];
  const next = others.slice(0, SHOWN - 1).flatMap(({ type, message }) => ['', `${type}: ${message}`]);
  return [
    '',
    explainAnomaly(worst),
    ...next,
    ...(others.length >= SHOWN ? ['', `and ${others.length - SHOWN + 1} anomalies more`] : []),
  ];
}
