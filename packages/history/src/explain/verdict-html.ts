import type { History } from '../history.js';
import { ISOLATION_LEVELS } from '../transactions/isolation-level.js';
import type { TransactionVerdict } from '../transactions/transaction-verdict.js';
import type { Anomaly, Verdict } from '../verdict.js';
import { anomalySvg } from './anomaly-svg.js';
import { isolationScript } from './isolation-script.js';
import { escapeText } from './picture/escape.js';

const STYLE = `
:root {
  color-scheme: light dark;
  --ink: #1f2933;
  --soft: #6b7785;
  --line: #e3e8ee;
  --card: #fafbfc;
  --paper: #fff;
  --good: #13795b;
  --bad: #d1293d;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e6eaf0;
    --soft: #94a1b2;
    --line: #2b3440;
    --card: #12171e;
    --paper: #0b0f14;
    --good: #3ecf9b;
    --bad: #ff7a87;
  }
}
body {
  font: 15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;
  color: var(--ink);
  background: var(--paper);
  max-width: 1100px;
  margin: 2rem auto;
  padding: 0 1rem;
}
h1 { font-size: 1.5rem; margin: 0 0 .25rem; }
h2 { font-size: 1rem; margin: 2rem 0 .5rem; color: var(--soft); font-weight: 600; }
.good { color: var(--good); }
.bad { color: var(--bad); }
.soft { color: var(--soft); }
.levels { display: flex; flex-wrap: wrap; gap: .4rem; padding: 0; list-style: none; }
.levels li {
  border: 1px solid var(--line);
  border-radius: 1rem;
  padding: .1rem .7rem;
  font-size: .85rem;
}
.anomaly {
  border: 1px solid var(--line);
  border-radius: 12px;
  background: var(--card);
  margin: 1rem 0;
  overflow-x: auto;
}
.anomaly svg { display: block; max-width: none; }
details { padding: .25rem 1.25rem 1rem; }
summary { cursor: pointer; color: var(--soft); }
pre {
  font: 12.5px/1.55 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;
  overflow-x: auto;
  margin: .75rem 0 0;
}
`;

/**
 * A verdict as a page of its own, without scripts or other files: the answer, every level, and each anomaly as a
 * picture with a replay.
 */
export function verdictHtml(history: History, verdict: Verdict): string {
  const { valid, model, strongest, anomalies, coverage, reason } = verdict;
  const answer =
    valid === true
      ? `The history is ${model}`
      : valid === false
        ? `The history is not ${model}`
        : `Nobody can tell whether the history is ${model}`;
  const { operations, ok, fail, info } = coverage;
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8"><meta name="viewport" ' +
      `content="width=device-width"><title>${escapeText(answer)}</title><style>${STYLE}</style></head><body>`,
    `<h1 class="${valid === true ? 'good' : valid === false ? 'bad' : 'soft'}">${escapeText(answer)}</h1>`,
    `<p class="soft">${[
      reason,
      strongest && `The strongest level that holds is ${strongest}`,
      `${operations} operations: ${ok} ok, ${fail} failed, ${info} with an unknown outcome`,
    ]
      .filter(Boolean)
      .map((text) => escapeText(text!))
      .join('. ')}.</p>`,
    ...('levels' in verdict ? levelList(verdict as TransactionVerdict) : []),
    ...(anomalies.length > 0
      ? [`<h2>${anomalies.length === 1 ? 'The anomaly' : `${anomalies.length} anomalies, the worst first`}</h2>`]
      : []),
    ...anomalies.map((anomaly) => `<div class="anomaly">${anomalySvg(anomaly)}${replay(history, anomaly)}</div>`),
    '</body></html>',
  ].join('\n');
}

function levelList({ levels }: TransactionVerdict): string[] {
  return [
    '<h2>Isolation levels</h2><ul class="levels">',
    ...ISOLATION_LEVELS.map(
      (level) => `<li class="${levels[level] ? 'good' : 'bad'}">${levels[level] ? '✓' : '✗'} ${level}</li>`,
    ),
    '</ul>',
  ];
}

function replay(history: History, anomaly: Anomaly): string {
  if (!anomaly.operations.every(({ f }) => f === 'txn')) return '';
  return `<details><summary>Replay it in psql</summary><pre>${escapeText(isolationScript(history, anomaly).text)}</pre></details>`;
}
