import type {
  FullConfig,
  FullResult,
  Reporter as TheirReporter,
  Suite,
  TestCase,
  TestError,
  TestResult,
  TestStep,
} from '@playwright/test/reporter';
import { expect, test } from 'vitest';
import { attempt, everyVerdict, failure, feed, finish, start, START_MS, testCase } from '../sample-run.test.fixture.js';
import { createCustomReporter } from './custom-reporter.js';

test('a reporter for Playwright Test hears the run', async () => {
  const heard: string[] = [];
  class Theirs implements TheirReporter {
    #suite: Suite | undefined;
    onBegin(config: FullConfig, suite: Suite): void {
      this.#suite = suite;
      heard.push(
        `begin ${config.workers} ${config.rootDir} ${suite.allTests().length} ${suite.suites.map(({ title, suites }) => `${title}:${suites.map((file) => file.title)}`).join(' ')}`,
      );
    }
    onTestBegin(one: TestCase, result: TestResult): void {
      heard.push(`test ${one.titlePath().join('>')} #${result.retry}`);
    }
    onTestEnd(one: TestCase, result: TestResult): void {
      heard.push(
        `${one.id} ${result.status} ${result.error?.message ?? ''} ${one.outcome()} ${one.ok()} ${result.startTime.toISOString()} ${one.parent.project()?.name}`,
      );
    }
    onError(error: TestError): void {
      heard.push(`error ${error.message}`);
    }
    onEnd(result: FullResult): void {
      heard.push(
        `end ${result.status} ${result.duration} ${this.#suite!.allTests()
          .map((one) => one.outcome())
          .join(' ')}`,
      );
    }
  }
  await feed(createCustomReporter(Theirs, { file: 'x.js' }), everyVerdict());
  expect(heard.slice(0, 3)).toEqual([
    'begin 2 /repo 8 :suites/cache/x.chaos.ts,suites/auth/a.chaos.ts sample:suites/cache/x.chaos.ts',
    'test >>suites/cache/x.chaos.ts>outage>deep>test p #0',
    'p passed  expected true 2026-01-02T03:04:05.000Z ',
  ]);
  expect(heard.filter((line) => line.startsWith('f '))).toEqual([
    'f failed InvariantViolation: stale read unexpected false 2026-01-02T03:04:05.000Z sample',
    'f failed InvariantViolation: stale read unexpected false 2026-01-02T03:04:05.000Z sample',
  ]);
  expect(heard).toContain('k passed  flaky true 2026-01-02T03:04:05.000Z ');
  expect(heard.slice(-2)).toEqual([
    'error slot 1 died',
    'end failed 9000 expected skipped skipped skipped skipped skipped flaky unexpected',
  ]);
});

test('steps reach it while they run, and those that never ended at the end of their attempt', async () => {
  const heard: string[] = [];
  const seen = new Set<object>();
  class Theirs implements TheirReporter {
    onStepBegin(_test: TestCase, { steps }: TestResult, step: TestStep): void {
      seen.add(step);
      heard.push(`begin ${step.titlePath().join('>')}, ${steps.length} outer, ${step.duration}`);
    }
    onStepEnd(_test: TestCase, { status }: TestResult, step: TestStep): void {
      heard.push(`end ${step.title} ${step.duration} ${step.error?.message} ${status} ${seen.has(step)}`);
    }
    onTestEnd(_test: TestCase, { steps }: TestResult): void {
      heard.push(`test ${steps.map(({ title, steps: inner }) => `${title}:${inner.map((each) => each.title)}`)}`);
    }
  }
  const step = { testId: 'a', retry: 0, timeMs: START_MS };
  const title = (name: string): { title: string; category: string } => ({ title: name, category: 'test.step' });
  const told = { ...title('outer'), startMs: START_MS, durationMs: 5, steps: [] };
  await feed(createCustomReporter(Theirs, { file: 'x.js' }), [
    start([testCase('a')]),
    { type: 'test-start', testId: 'a', retry: 0, workerIndex: 0, parallelIndex: 0, timeMs: START_MS },
    { type: 'step-start', ...step, step: 1, ...title('outer') },
    { type: 'step-start', ...step, step: 2, parent: 1, ...title('inner') },
    { type: 'step-end', ...step, step: 2, durationMs: 3, error: { message: 'boom' } },
    { type: 'test-end', attempt: attempt('a', { steps: [told] }), outcome: 'expected' },
    finish(),
  ]);
  expect(heard).toEqual([
    'begin outer, 1 outer, -1',
    'begin outer>inner, 1 outer, -1',
    'end inner 3 boom skipped true',
    'end outer -1 undefined skipped true',
    'test outer:inner',
  ]);
});

test('steps, output and attachments reach it', async () => {
  const heard: unknown[] = [];
  class Theirs implements TheirReporter {
    onStdOut(chunk: string | Buffer, one: void | TestCase, result: void | TestResult): void {
      heard.push([String(chunk), one?.id, result?.retry]);
    }
    onStepEnd(_test: TestCase, _result: TestResult, step: { titlePath(): string[] }): void {
      heard.push(step.titlePath());
    }
    onTestEnd(_test: TestCase, { attachments }: TestResult): void {
      heard.push(attachments.map(({ body }) => body?.toString()));
    }
  }
  const inner = { title: 'inner', category: 'test.step', startMs: START_MS, durationMs: 1, steps: [] };
  await feed(createCustomReporter(Theirs, { file: 'x.js' }), [
    start([testCase('a')]),
    { type: 'test-start', testId: 'a', retry: 0, workerIndex: 0, parallelIndex: 0, timeMs: START_MS },
    { type: 'test-output', testId: 'a', retry: 0, stream: 'stdout', text: 'hi' },
    { type: 'test-output', stream: 'stdout', text: 'nobody' },
    {
      type: 'test-end',
      attempt: attempt('a', {
        steps: [{ ...inner, title: 'outer', steps: [inner] }],
        attachments: [{ name: 'n', contentType: 'text/plain', body: Buffer.from('body').toString('base64') }],
      }),
      outcome: 'expected',
    },
    finish({ status: 'passed' }),
  ]);
  expect(heard).toEqual([['hi', 'a', 0], ['nobody', undefined, undefined], ['outer', 'inner'], ['outer'], ['body']]);
});

test('one of ours is used as it is, and gets its options', async () => {
  const heard: string[] = [];
  class Ours {
    readonly mark: unknown;
    constructor(options: { readonly mark?: unknown }) {
      this.mark = options.mark;
    }
    onEvent({ type }: { readonly type: string }): void {
      heard.push(`${String(this.mark)} ${type}`);
    }
  }
  await feed(createCustomReporter(Ours, { file: 'x.js', options: { mark: 7 } }), [
    start([testCase('a')]),
    { type: 'test-end', attempt: attempt('a', failure), outcome: 'unexpected' },
    finish(),
  ]);
  expect(heard).toEqual(['7 run-start', '7 test-end', '7 run-end']);
});

test('a reporter may turn a pass into a failure', async () => {
  class Strict {
    onEnd(): { status: string } {
      return { status: 'failed' };
    }
  }
  await expect(
    feed(createCustomReporter(Strict, { file: 'x.js' }), [start([]), finish({ status: 'passed' })]),
  ).rejects.toThrow('a reporter made the status "failed"');
});

test('refuses what is no reporter', () => {
  expect(() => createCustomReporter({}, { file: 'x.js' })).toThrow(
    'Cannot use the reporter x.js: file must export a single class, current value is object',
  );
  expect(() =>
    createCustomReporter(
      class {
        readonly nothing = 1;
      },
      { file: 'x.js' },
    ),
  ).toThrow('it has neither onEvent nor one of onConfigure, onBegin');
});
