import { expect, test } from 'vitest';
import { testsByTitle } from './support/json-report.ts';
import { createProject } from './support/project.ts';
import { runChaos } from './support/run-chaos.ts';

test('500 outcomes of a load that ought to be none are told by kind, in at most 30 lines', async () => {
  const project = createProject({
    'a.chaos.ts': `
      import { test, expect } from '@chaos/test';
      test('a load', async ({ load }) => {
        const failures: object[] = [];
        let calls = 0;
        await load.closed({
          concurrency: 10,
          operations: 500,
          run: async () => {
            calls++;
            throw new Error(calls % 5 === 0 ? 'no answer' : 'order ' + calls + ' was refused');
          },
          onResult: (result) => void failures.push(result),
        });
        expect(failures).toEqual([]);
      });
    `,
  });
  const run = await runChaos(project, ['run', '--workers', '1', '--retries', '0']);
  expect(run.code).toBe(1);
  const [result] = testsByTitle(run.report()).get('a load')?.results ?? [];
  const message = result?.errors[0]?.message ?? '';
  expect(message).toContain('500 elements of 2 kinds, none expected:');
  expect(message).toMatch(/400 × unknown: order \d+ was refused\n +first at \S+, last at \S+\n +such as \{ worker/);
  expect(message).toContain('100 × unknown: no answer');
  expect(message.split('\n').length).toBeLessThanOrEqual(30);
  expect(run.stdout().split('\n').length).toBeLessThanOrEqual(60);
});
