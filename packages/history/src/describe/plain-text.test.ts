import { expect, it } from 'vitest';
import { parseHistory } from '../formats/read-history.js';
import { check } from '../check.js';
import { describeVerdict } from '../describe-verdict.js';
import { verdictHtml } from '../explain/verdict-html.js';

const HOSTILE = '\u001b[2J\u009b1A\u202e\u0085\u2028\r\n::error::x';

it('no name or value of a history reaches a terminal or a picture raw', () => {
  const lines = [
    { type: 'info', process: 'nemesis', f: 'start', value: HOSTILE, time: 0 },
    { type: 'invoke', process: 0, f: 'txn', value: [['r', HOSTILE, null]], time: 1 },
    {
      type: 'ok',
      process: 0,
      f: 'txn',
      value: [
        ['r', HOSTILE, HOSTILE],
        ['w', HOSTILE, 1],
      ],
      time: 2,
    },
  ];
  const history = parseHistory(`${lines.map((line) => JSON.stringify(line)).join('\n')}\n`);
  const verdict = check(history, { model: 'serializable' });
  expect(verdict.anomalies[0]?.faults).toHaveLength(1);
  const words = describeVerdict(verdict);
  expect(words.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  expect(words).not.toMatch(/^::error/m);
  expect(verdictHtml(history, verdict).replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
});

it('nor an operation that no register has', () => {
  const value = JSON.stringify(HOSTILE);
  const history = parseHistory(
    `{"type":"invoke","process":0,"f":"read"}\n{"type":"ok","process":0,"f":"read","value":${value}}\n`,
  );
  expect(describeVerdict(check(history, { model: 'register' })).replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
});
