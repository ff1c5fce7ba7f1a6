import { inflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { runData, testData } from '../fixture.test.fixture.js';
import { decide } from '../triage/decide.js';
import { suspectsOf } from '../triage/suspect.js';
import { inventoryMarkdown, issueText } from './inventory-markdown.js';
import { inventoryOf } from './inventory.js';
import { inventoryTable } from './inventory-table.js';
import { toXlsx } from './to-xlsx.js';

const auth = testData('x', 'failed', { failureClass: 'invariant', errors: [{ message: '=HYPERLINK("http://x")' }] });
const tests = [
  testData('b', 'failed', { failureClass: 'timeout', errors: [{ message: 'no answer within 120 ms' }] }),
  testData('c', 'failed', { failureClass: 'timeout', errors: [{ message: 'no answer within 95 ms' }] }),
  { ...auth, test: { ...auth.test, category: 'auth', chaosId: 'C09', title: '+evil|<b>', titlePath: ['+evil|<b>'] } },
];
const run = runData(tests, { config: { ...runData([]).config, rootDir: '/repo' }, variant: 'accept-expired' });
const inventory = inventoryOf(
  run,
  suspectsOf(run, []).map((suspect) => ({ suspect, decision: decide(suspect) })),
  [],
);

test('authentication and data loss come first, and equal errors are one pattern', () => {
  expect(inventory).toMatchObject({ schemaVersion: 1, runId: 'r1' });
  expect(inventory.failures.map(({ testId, priority, category, tag }) => [testId, priority, category, tag])[0]).toEqual(
    ['x', 1, 'auth', 'POTENTIAL_BUG'],
  );
  expect(inventory.failures[0]!.reproduce).toBe('npx chaos a.chaos.ts:1 --seed s --variant accept-expired --retries 0');
  expect(inventory.patterns).toContainEqual({
    kind: 'error',
    value: 'no answer within <n> ms',
    tests: ['test b', 'test c'],
  });
});

test('what only needs other limits is told to change them, by no command that does not exist', () => {
  const tuning = inventoryOf(
    run,
    suspectsOf(run, []).map((suspect) => ({
      suspect,
      decision: { ...decide(suspect), tag: 'TUNING_NEEDED' as const },
    })),
    [],
  );
  for (const { nextStep } of tuning.failures) {
    expect(nextStep).toMatch(/^Change the limit or the load of the test/);
    expect(nextStep).not.toContain('chaos tune');
  }
});

test('Markdown keeps foreign text inside its cells', () => {
  const text = inventoryMarkdown(inventory);
  expect(text).toContain(String.raw`| 1 | C09 | +evil\|&lt;b> | auth | POTENTIAL_BUG | 99 % |`);
  expect(issueText(inventory.failures[0]!)).toMatch(/^# C09: \+evil/);
});

test('the workbook is a zip whose sheet has texts, never formulas', () => {
  const { header, rows } = inventoryTable(inventory);
  const file = toXlsx('failures', header, rows);
  const sheet = unzip(file).get('xl/worksheets/sheet1.xml')!;
  expect(sheet).toContain('<t xml:space="preserve">=HYPERLINK(&quot;http://x&quot;)</t>');
  expect(sheet).not.toContain('<f>');
  expect(sheet.match(/<row /g)).toHaveLength(4);
  expect(toXlsx('failures', header, rows).equals(file)).toBe(true);
});

/** The files of an archive by its central directory. */
function unzip(file: Buffer): ReadonlyMap<string, string> {
  const end = file.length - 22;
  expect(file.readUInt32LE(end)).toBe(0x06054b50);
  const files = new Map<string, string>();
  let at = file.readUInt32LE(end + 16);
  for (let count = file.readUInt16LE(end + 10); count > 0; count--) {
    expect(file.readUInt32LE(at)).toBe(0x02014b50);
    const [packed, nameLength, local] = [
      file.readUInt32LE(at + 20),
      file.readUInt16LE(at + 28),
      file.readUInt32LE(at + 42),
    ];
    const name = file.toString('utf8', at + 46, at + 46 + nameLength);
    const from = local + 30 + file.readUInt16LE(local + 26) + file.readUInt16LE(local + 28);
    files.set(name, inflateRawSync(file.subarray(from, from + packed)).toString());
    at += 46 + nameLength;
  }
  return files;
}
