import { expect, test } from 'vitest';
import { createGithubReporter } from './github-reporter.js';
import { everyVerdict, feed, finish, start } from './sample-run.test.fixture.js';

async function printed(events: Parameters<typeof feed>[1]): Promise<string[]> {
  let text = '';
  await feed(createGithubReporter({ workspace: '/repo', stream: { write: (chunk) => (text += chunk) } }), events);
  return text.split('\n').slice(0, -1);
}

test('annotates failures, flaky tests and errors of no test, one line each', async () => {
  const lines = await printed(everyVerdict());
  expect(lines.map((line) => /^::(\w+) title=([^,:]*)/.exec(line)?.slice(1))).toEqual([
    ['error', 'error of no test'],
    ['error', '[sample] › suites/cache/x.chaos.ts%3A16%3A5 › test f'],
    ['error', 'suites/cache/x.chaos.ts%3A6%3A5 › test x'],
    ['warning', 'flaky%3A suites/auth/a.chaos.ts%3A3%3A1 › test k'],
    ['notice', 'chaos%3A summary'],
  ]);
  expect(lines[1]).toContain(',file=suites/cache/x.chaos.ts,line=8,col=3::InvariantViolation: stale read%0A%0A> 8 |');
  expect(lines[4]).toBe(
    '::notice title=chaos%3A summary::  1 failed%0A  1 interrupted%0A  1 flaky%0A  2 skipped%0A  1 inconclusive%0A  1 did not run%0A  1 passed (9.0s)',
  );
});

test('no message can end its command or begin another', async () => {
  const [line] = await printed([
    start([]),
    {
      type: 'run-error',
      error: { message: '100%\r\n::set-output name=a::b', location: { file: '/repo/a,b:c.ts', line: 1, column: 2 } },
    },
    finish(),
  ]);
  expect(line).toBe('::error title=error of no test,file=a%2Cb%3Ac.ts,line=1,col=2::100%25%0A\\::set-output name=a::b');
});
