import { expect, test } from 'vitest';
import { testsByTitle } from './support/json-report.ts';
import { createProject } from './support/project.ts';
import { runChaos } from './support/run-chaos.ts';

test('a test that passes only by the stretch of a limit is inconclusive, and one that fails has failed', async () => {
  const project = createProject({
    'chaos.yaml': 'runner: { workers: 1, require_purpose: false, max_inconclusive: 1 }',
    'a.chaos.ts': `
      import { test, expect } from '@chaos/test';
      test('passes', ({}, info) => info.chaos.stretched('p99 is 30 ms'));
      test('fails', ({}, info) => {
        info.chaos.stretched('p99 is 30 ms');
        expect(1).toBe(2);
      });
    `,
  });
  const run = await runChaos(project, ['run', '--retries', '0']);
  const found = testsByTitle(run.report());
  expect(found.get('passes')?.results[0]).toMatchObject({
    status: 'skipped',
    annotations: [
      {
        type: 'inconclusive',
        description: expect.stringMatching(/^only the stretch of deadlines by [\d.]+ let it pass: p99 is 30 ms$/),
      },
    ],
  });
  expect(found.get('fails')?.results[0]).toMatchObject({ status: 'failed' });
  expect(run.code).toBe(1);
});
