import { afterEach, expect, test, vi } from 'vitest';
import type { Attempt, RunEvent } from '@chaos/spec';
import { createListReporter } from './list-reporter.js';
import type { TerminalReporterOptions } from './terminal.js';
import { attempt, everyVerdict, failure, feed, finish, start, START_MS, testCase } from '../sample-run.test.fixture.js';

async function printed(
  events: readonly RunEvent[],
  options: TerminalReporterOptions & { isTTY?: boolean; columns?: number } = {},
): Promise<string> {
  let text = '';
  const stream = {
    write: (chunk: string) => (text += chunk),
    isTTY: options.isTTY ?? false,
    columns: options.columns ?? 200,
  };
  await feed(createListReporter({ color: false, ...options, stream }), events);
  return text;
}

afterEach(() => vi.unstubAllEnvs());

test('one line per finished test, without control codes', async () => {
  const text = await printed(everyVerdict());
  expect(text.split('\n').slice(0, 15).join('\n')).toBe(`
Running 8 tests using 2 workers, 1 retry from environment ci
  seed abc 1, environment ci, profile medium, variant stampede

  ✓  C01 [cache] › suites/cache/x.chaos.ts:6:5 › outage › deep › test p (1.2s)
  ✘  C04 [cache] › suites/cache/x.chaos.ts:16:5 › test f (1.2s)
  ✘  C04 [cache] › suites/cache/x.chaos.ts:16:5 › test f (retry #1) (1.2s)
  ✘  [auth] › suites/auth/a.chaos.ts:3:1 › test k (1.2s)
  ±  [auth] › suites/auth/a.chaos.ts:3:1 › test k (retry #1) (1.2s)
  -  [cache] › suites/cache/x.chaos.ts:6:5 › test s needs redis-server
  -  [cache] › suites/cache/x.chaos.ts:6:5 › test b (1.2s)
  ?  K04 [cache] › suites/cache/x.chaos.ts:6:5 › test i (1.2s) inconclusive: no deadlock up to 400
  ✘  [cache] › suites/cache/x.chaos.ts:6:5 › test x (1.2s)

slot 1 died`);
  expect(text).not.toContain('\u001b');
  expect(text).not.toContain('port 5001');
  expect(await printed(everyVerdict(), { verbose: true })).toContain('  port 5001\n');
});

test('a failure tells what its loads came to, and how the log of the target ended, unless that is told already', async () => {
  const log = Array.from({ length: 10 }, (_, line) => `13:49:13.67${line} line ${line}`);
  const ended = [{ name: 'ChaosError', message: 'target exited with code 7; its last output:\nline 9' }];
  const loaded = {
    attachments: [
      { name: 'target log', contentType: 'text/plain', body: Buffer.from(log.join('\n')).toString('base64') },
    ],
    loads: [
      {
        operations: 20,
        concurrency: 5,
        counts: { ok: 1, wrong: 0, rejected: 0, unavailable: 0, timeout: 19, unknown: 0 },
        errors: [{ outcome: 'timeout', message: 'OperationError: GET /x: no answer within 50 ms', count: 19 }],
      },
    ] as unknown as Attempt['loads'],
  };
  const events = (more: Partial<Attempt>): readonly RunEvent[] => [
    start([testCase('f')]),
    { type: 'test-end', attempt: attempt('f', { ...failure, ...loaded, ...more }) },
    finish(),
  ];
  const text = await printed(events({}));
  expect(text).toContain(`
    Faults: link target→redis cut (+400ms … +1.2s)
    Load: 20 operations, 5 at a time: 1 ok, 19 timeout (OperationError: GET /x: no answer within 50 ms)
    target log, the last 8 of 10 lines:
      13:49:13.672 line 2
`);
  expect(text).toContain('      13:49:13.679 line 9\n');
  expect(await printed(events({ errors: ended }))).not.toContain('target log');
});

test('a failure is printed with all that helps', async () => {
  const text = await printed(everyVerdict());
  const block = text.slice(text.indexOf('  1) '), text.indexOf('  2) '));
  expect(block.replaceAll(/ ─+/g, ' ──')).toBe(`  1) [sample] › suites/cache/x.chaos.ts:16:5 › test f ──

    InvariantViolation: stale read

    > 8 |   expect(x)

        at read (/repo/suites/cache/x.chaos.ts:8:3)

    [cause]: older

    Hint: Invalidate in the transaction.

    Faults: link target→redis cut (+400ms … +1.2s)

    Retry #1 ──

    InvariantViolation: stale read

    > 8 |   expect(x)

        at read (/repo/suites/cache/x.chaos.ts:8:3)

    [cause]: older

    Hint: Invalidate in the transaction.

    Faults: link target→redis cut (+400ms … +1.2s)

    Seed: abc 1
    Repro: npx chaos suites/cache/x.chaos.ts:16 --seed 'abc 1' --project sample --variant stampede

`);
});

test('the summary: categories, machine, closing lines', async () => {
  const text = await printed(everyVerdict());
  expect(text.slice(text.indexOf('  category')))
    .toBe(`  category  passed  failed  flaky  skipped  inconclusive  did not run    time
  auth           0       0      1        0             0            0    2.5s
  cache          1       2      0        2             1            1    7.4s

  Warning: others overloaded the machine, during 0 of 8 tests; timing says little (others use 1.9 CPUs)

  Machine: speed 0.85, contention 1.20 (2.10 during the run), deadlines × 1.50

  1 error was not a part of any test, see above for details
  1 failed
    [sample] › suites/cache/x.chaos.ts:16:5 › test f
  1 interrupted
    suites/cache/x.chaos.ts:6:5 › test x
  1 flaky
    suites/auth/a.chaos.ts:3:1 › test k
  3 skipped (1 inconclusive)
    test s: needs redis-server
    test b: not today
    K04: inconclusive: no deadlock up to 400
  1 did not run
    test n: stopped early
  1 passed (9.0s)

`);
});

test('a run without faults says so where it begins and where it ends', async () => {
  const text = await printed([
    Object.assign(start([testCase('p')]), { withoutFaults: true }),
    { type: 'test-end', attempt: attempt('p'), outcome: 'expected' },
    finish(),
  ]);
  expect(text).toMatch(/^Running 1 test using \d+ workers?, .*without faults \(--no-faults\)$/m);
  expect(text).toMatch(/^ {2}seed .*, without faults \(--no-faults\)$/m);
});

test('a long reason for a skip is told whole once, in the summary', async () => {
  const reason = `requires netem: ${'tc says no; '.repeat(20)}load the module`;
  const text = await printed([
    start([testCase('s')]),
    { type: 'test-skip', testId: 's', reason, didNotRun: false },
    finish(),
  ]);
  expect(text.split(reason)).toHaveLength(2);
  expect(text).toMatch(/^ {2}- .* requires netem: tc says no; .*…$/m);
});

test('what a test wrote is passed on as it is: its pieces are no lines', async () => {
  const pieces = ['first ', 'line\nsec', 'ond'].map(
    (text) => ({ type: 'test-output', stream: 'stdout', text }) as const,
  );
  const events = [
    start([testCase('p')]),
    ...pieces,
    { type: 'test-end', attempt: attempt('p'), outcome: 'expected' } as const,
    finish(),
  ];
  expect(await printed(events)).toMatch(/\nfirst line\nsecond\n {2}✓ /);
  const lines = (await printed(events, { isTTY: true, columns: 60 })).split('\n');
  expect(lines.some((line) => line.endsWith('first line'))).toBe(true);
  expect(lines.some((line) => line.endsWith('second'))).toBe(true);
});

test('a terminal shows what runs, where, since when and under which fault', async () => {
  vi.useFakeTimers({ now: START_MS + 3000 });
  const text = await printed(
    [
      start([testCase('p', { chaosId: 'C01' }), testCase('q', { title: 'x'.repeat(300) })]),
      { type: 'slot-state', slot: 1, state: 'starting', timeMs: START_MS },
      { type: 'test-start', testId: 'p', retry: 0, workerIndex: 0, parallelIndex: 0, timeMs: START_MS },
      { type: 'fault-start', testId: 'p', retry: 0, name: 'redis SIGKILL', timeMs: START_MS },
      { type: 'test-output', stream: 'stdout', text: 'hello\n' },
      { type: 'fault-end', testId: 'p', retry: 0, name: 'redis SIGKILL', timeMs: START_MS },
      { type: 'test-end', attempt: attempt('p'), outcome: 'expected' },
      { type: 'test-start', testId: 'q', retry: 1, workerIndex: 0, parallelIndex: 0, timeMs: START_MS },
      { type: 'test-output', stream: 'stdout', text: 'bye' },
      finish(),
    ],
    { isTTY: true, columns: 60 },
  );
  vi.useRealTimers();
  expect(text).toContain('hello\n  ▸ slot 0   3.0s  C01 test p  ⚡ redis SIGKILL\n  ▸ slot 1  starting\n  [0/2]\n');
  expect(text).toContain('\u001b[3A\u001b[0J  ✓  C01 [cache]');
  expect(text).toMatch(/ {2}▸ slot 0 {3}3\.0s {2}x{39}…\n {2}▸ slot 1 {2}starting\n {2}\[1\/2\] 1 passed\n/);
  expect(text.lastIndexOf('\u001b[0J')).toBeLessThan(text.indexOf('  category'));
});

test('colours follow FORCE_COLOR, NO_COLOR and the terminal', async () => {
  const colorful = async (isTTY: boolean): Promise<boolean> => {
    let text = '';
    await feed(createListReporter({ stream: { write: (chunk: string) => (text += chunk), isTTY } }), [
      start([testCase('p')]),
      { type: 'test-end', attempt: attempt('p'), outcome: 'expected' },
      finish(),
    ]);
    return text.includes('\u001b[32m');
  };
  vi.stubEnv('FORCE_COLOR', undefined);
  vi.stubEnv('NO_COLOR', undefined);
  expect([await colorful(true), await colorful(false)]).toEqual([true, false]);
  vi.stubEnv('NO_COLOR', '1');
  expect(await colorful(true)).toBe(false);
  vi.stubEnv('FORCE_COLOR', '1');
  expect(await colorful(false)).toBe(true);
});

test('failures of one line, as of soft assertions in a loop, are told by kind', async () => {
  const location = { file: '/repo/suites/cache/x.chaos.ts', line: 9, column: 5 };
  const soft = (received: string): object => ({
    name: 'Error',
    message: `expect(received).toBe(expected)\n\nExpected: 200\nReceived: ${received}`,
    location,
  });
  const errors = [
    ...Array.from({ length: 500 }, (_, index) => soft(index % 5 === 0 ? '503' : '500')),
    { message: 'elsewhere' },
    { message: 'elsewhere' },
  ];
  const text = await printed([
    start([testCase('a')]),
    { type: 'test-end', attempt: attempt('a', { ...failure, errors }), outcome: 'unexpected' },
    finish(),
  ]);
  expect(text).toContain(`    500 failures at this place, this is the first; by kind:
        400 × Received: 500
        100 × Received: 503
`);
  expect(text.match(/Expected: 200/g)).toHaveLength(1);
  // What has no place may come from anywhere.
  expect(text.match(/elsewhere/g)).toHaveLength(2);
  expect(text.split('\n').length).toBeLessThan(40);
});
