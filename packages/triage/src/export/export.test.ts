import { expect, test } from 'vitest';
import { runData, testData } from '../fixture.test.fixture.js';
import { neverFormula, toCsv } from './csv.js';
import { historyRows } from './history-rows.js';
import { toOpenMetrics } from './open-metrics.js';

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', ' =1', '\r\n=cmd'])('%j is never a formula', (text) => {
  expect(neverFormula(text)).toBe(`'${text}`);
});

test('CSV quotes what has commas, quotes or line ends, and keeps numbers', () => {
  expect(
    toCsv(
      ['a', 'b'],
      [
        ['x,"y"\nz', -1.5],
        [undefined, true],
      ],
    ),
  ).toBe('a,b\r\n"x,""y""\nz",-1.5\r\n,true\r\n');
});

test('a row has the verdict, the class and the first line of the error', () => {
  const failure = testData('a', 'failed', { failureClass: 'timeout', errors: [{ message: 'too late\nat x' }] });
  expect(historyRows(runData([failure]))).toMatchObject([
    { runId: 'r1', verdict: 'failed', failureClass: 'timeout', error: 'too late', durationMs: 100 },
  ]);
});

test('OpenMetrics: families with type and help, escaped labels, and the end', () => {
  const odd = { ...testData('a', 'passed'), test: { ...testData('a', 'passed').test, title: 'say "hi"\\\n' } };
  const text = toOpenMetrics([runData([odd]), runData([odd])]);
  expect(text).toContain('# TYPE chaos_tests counter');
  expect(text).toContain(
    String.raw`chaos_tests_total{test="a",title="say \"hi\"\\\n",category="cache",verdict="passed",environment="ci"} 2`,
  );
  expect(text).toContain('# UNIT chaos_test_duration_seconds seconds');
  expect(text.endsWith('# EOF\n')).toBe(true);
  for (const line of text.split('\n').slice(0, -2))
    expect(line).toMatch(/^(?:# (?:TYPE|UNIT|HELP) chaos_\w+ .+|chaos_\w+(?:\{.*\})? [\d.]+)$/);
});
