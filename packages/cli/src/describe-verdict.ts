import type { Verdict } from '@chaos/history';

const SHOWN = 5;

/** A verdict in words, the worst anomalies first. */
export function describeVerdict(file: string, { valid, model, strongest, anomalies, coverage, reason }: Verdict): string {
  const answer = valid === 'unknown' ? `nobody can tell whether it is ${model}` : `${valid ? '' : 'not '}${model}`;
  const lines = [`${file}: ${answer}${reason === undefined ? '' : ` (${reason})`}${strongest === undefined || strongest === model ? '' : `; the strongest that holds is ${strongest}`}`];
  for (const { type, message, faults } of anomalies.slice(0, SHOWN)) {
    lines.push('', `${type}: ${message}`);
    if (faults.length > 0) lines.push(`  while ${[...new Set(faults.map(({ name }) => name))].join(', ')} was in force`);
  }
  if (anomalies.length > SHOWN) lines.push('', `and ${anomalies.length - SHOWN} more (all of them: --json)`);
  const { operations, ok, fail, info, ...figures } = coverage;
  const more = Object.entries(figures).map(([name, figure]) => `, ${name} ${Number.isInteger(figure) ? figure : figure.toFixed(3)}`);
  lines.push('', `${operations} operations: ${ok} ok, ${fail} failed, ${info} nobody can tell${more.join('')}`);
  return `${lines.join('\n')}\n`;
}
