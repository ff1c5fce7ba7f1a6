import { expect, test } from 'vitest';
import { runData, testData } from '../fixture.test.fixture.js';
import type { RunData, TestData } from '../runs/run-data.js';
import { judgeGate, type GateLimits, type KnownBug } from './judge-gate.js';

const tests = (counts: Partial<Record<TestData['verdict'], number>>): TestData[] =>
  Object.entries(counts).flatMap(([verdict, count]) =>
    Array.from({ length: count }, (_, index) => testData(`${verdict}${index}`, verdict as TestData['verdict'])),
  );
const wrong = (run: RunData, limits?: GateLimits, bugs?: KnownBug[]): string[] =>
  judgeGate(run, limits, bugs)
    .checks.filter(({ met }) => !met)
    .map(({ name }) => name);

test('the pass rate is that of conclusive tests, against both rates of the environment', () => {
  expect(judgeGate(runData(tests({ passed: 8, failed: 2 })))).toMatchObject({ met: true, level: 'target' });
  expect(judgeGate(runData(tests({ passed: 7, failed: 3 })))).toMatchObject({ met: true, level: 'acceptable' });
  expect(judgeGate(runData(tests({ passed: 6, failed: 4 })))).toMatchObject({ met: false, level: 'below' });
  expect(judgeGate(runData(tests({ passed: 8, failed: 2, skipped: 90 }))).met).toBe(true);
  expect(wrong(runData(tests({ passed: 9, failed: 1 })), { target: 95, acceptable: 95 })).toEqual(['pass rate']);
});

test('a rate that is asked for is not lowered by one that is configured', () => {
  const run = runData(tests({ passed: 99, failed: 1 }));
  expect(wrong(run, { acceptable: 100 })).toEqual(['pass rate']);
  expect(judgeGate(run, { acceptable: 99 })).toMatchObject({ met: true, level: 'target' });
  expect(judgeGate(run, { target: 50 })).toMatchObject({ met: true, level: 'target' });
});

test('a run that showed nothing is not good enough', () => {
  expect(wrong(runData([]))).toEqual(['pass rate']);
  expect(wrong(runData(tests({ passed: 7, inconclusive: 3 })))).toEqual(['inconclusive']);
  expect(wrong(runData(tests({ passed: 7, 'did not run': 3 })))).toEqual(['inconclusive']);
  for (const status of [undefined, 'interrupted', 'timedout', 'bogus'] as RunData['status'][])
    expect(wrong(runData(tests({ passed: 3 }), { status }))).toEqual(['run']);
  expect(wrong(runData(tests({ passed: 3 }), { errors: [{ message: 'boom' }] }))).toEqual(['run']);
});

test('a run that stopped at its limit of failures did not come to its end', () => {
  const run = runData(tests({ passed: 97, failed: 1, 'did not run': 2 }));
  const limited = (maxFailures: number): RunData => ({
    ...run,
    config: { ...run.config, runner: { ...run.config.runner, maxFailures } },
  });
  expect(wrong(limited(0))).toEqual([]);
  expect(wrong(limited(2))).toEqual([]);
  expect(wrong(limited(1))).toEqual(['run']);
  expect(judgeGate(limited(1)).paragraph).toContain('ended early after 1 failure: 2 tests never ran');
});

test('one shard of several is not the run, and a run without faults shows nothing', () => {
  const run = runData(tests({ passed: 9 }));
  const shard = (current: number, total: number): RunData => ({
    ...run,
    config: { ...run.config, runner: { ...run.config.runner, shard: { current, total } } },
  });
  expect(wrong(shard(1, 1))).toEqual([]);
  expect(wrong(shard(2, 3))).toEqual(['whole']);
  expect(judgeGate(shard(2, 3))).toMatchObject({
    paragraph: expect.stringContaining('shard 2 of 3 only') as string,
    next: expect.stringContaining('merge-reports') as string,
  });
  const without = { ...run, withoutFaults: true };
  expect(wrong(without)).toEqual(['faults']);
  expect(judgeGate(without)).toMatchObject({ next: expect.stringContaining('without `--no-faults`') as string });
});

test('what was not judged is said: tests that nobody chose, and those in quarantine', () => {
  const run = runData(tests({ passed: 1, quarantined: 2 }), { argv: ['run', '--grep', 'T05'] });
  const { paragraph } = judgeGate(run);
  expect(paragraph).toContain(`run ${run.runId}, \`chaos run --grep T05\``);
  expect(paragraph).toContain('1 of 1 conclusive tests passed');
  expect(paragraph).toContain('2 in quarantine');
  expect(judgeGate(runData(tests({ passed: 1 }))).paragraph).not.toMatch(/chaos run|quarantine/);
});

test('flaky tests pass, up to their limit', () => {
  expect(wrong(runData(tests({ passed: 19, flaky: 1 })))).toEqual([]);
  expect(wrong(runData(tests({ passed: 18, flaky: 2 })))).toEqual(['flaky']);
});

test('a wrong result fails the gate at any pass rate, also where a retry passed', () => {
  const violated = testData('x', 'failed', { failureClass: 'invariant' });
  expect(wrong(runData([...tests({ passed: 99 }), violated]))).toEqual(['potential bugs']);
  const cleared = testData('y', 'flaky', { failureClass: 'invariant' });
  expect(wrong(runData([...tests({ passed: 99 }), cleared]))).toEqual(['potential bugs']);
  expect(wrong(runData(tests({ passed: 9, failed: 1 })), {}, [{ testId: 'failed0', title: 'C04' }])).toEqual([
    'potential bugs',
  ]);
});
