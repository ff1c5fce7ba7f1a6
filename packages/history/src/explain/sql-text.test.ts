import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyCharacter } from '../any-character.test.helper.js';
import { historyOf } from '../transactions/history.test.fixture.js';
import { checkTransactions } from '../transactions/check-transactions.js';
import type { MicroOperation } from '../transactions/log/micro-operation.js';
import { isolationScript } from './isolation-script.js';
import { sqlArray, sqlComment, sqlLiteral } from './sql-text.js';

const HOSTILE = [
  'x\n\\! touch /tmp/pwned\n',
  'x\r\\! touch /tmp/pwned',
  "it's \\'; \\! id --",
  "'; \\copy t to program 'id'",
  ':HOME :\'HOME\' :"HOME" :{?HOME}',
  '$$ \\gexec $$',
  '/* \\! id',
  '\u0000\\! id',
  '\ud800 half',
  "\u0081\\'; \\! id --",
  '\u2028\\! id\u2029',
  '\\',
  '',
  'naïve 🎉',
];

/** Reads a literal as PostgreSQL does; throws where it does not end at its end. */
function readLiteral(literal: string): string {
  const [, escapes, body] = /^(E?)'((?:[^'\\]|''|\\.)*)'$/.exec(literal)!;
  if (escapes === '') expect(body).not.toContain('\\');
  return body!.replace(/''|\\\\|\\u([0-9a-f]{4})|\\U([0-9a-f]{8})/g, (match, four?: string, eight?: string) =>
    match === "''" ? "'" : match === '\\\\' ? '\\' : String.fromCodePoint(Number.parseInt((four ?? eight)!, 16)),
  );
}

describe('sqlLiteral()', () => {
  it.each(HOSTILE)('keeps %j inside one line of printable ASCII', (text) => {
    expect(sqlLiteral(text)).toMatch(/^E?'[\x20-\x7e]*'$/);
    const kept = text.replaceAll('\0', '\\u0000').replaceAll('\ud800', '\\ud800');
    expect(readLiteral(sqlLiteral(text))).toBe(kept);
  });

  it('gives every text back', () => {
    const text = fc.string({
      unit: fc.oneof(fc.constantFrom('\\', "'", '\n', ':', 'u'), anyCharacter),
    });
    fc.assert(
      fc.property(text, (given) => {
        if (!given.includes('\0')) expect(readLiteral(sqlLiteral(given))).toBe(given);
      }),
      { numRuns: 2000 },
    );
  });
});

it('a comment stays on its line', () => {
  for (const text of HOSTILE) expect(sqlComment(text)).toMatch(/^[\x20-\x7e]*$/);
});

it('an array is as PostgreSQL prints it', () => {
  expect(sqlArray([1, 'a', '', 'null', 'b c', 'q"\\'])).toBe('{1,a,"","null","b c","q\\"\\\\"}');
});

it('no key, element or value of a history starts a line of the script', () => {
  const [one, other] = historyOf(['rx ay1', 'ry ax2']).operations;
  for (const text of HOSTILE) {
    const rename = (steps: unknown): unknown =>
      (steps as MicroOperation[]).map(([f, key, value]) => [
        f,
        `${String(key)}${text}`,
        f === 'r' ? value : `${text}${String(value)}`,
      ]);
    const history = { operations: [one!, other!].map((txn) => ({ ...txn, value: rename(txn.value) })), faults: [] };
    const script = isolationScript(history, checkTransactions(history).anomalies[0]!).text;
    for (const line of script.split(/\r\n|[\n\r\u0085\u2028\u2029]/))
      expect(line).toMatch(/^$|^(?:--|CREATE|INSERT|BEGIN|SELECT|UPDATE|COMMIT|DROP) ?[\x20-\x7e]*$|^COMMIT;$/);
  }
});
