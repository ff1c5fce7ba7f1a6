import { expect, test } from 'vitest';
import { testsByTitle } from './support/json-report.ts';
import type { Project } from './support/project.ts';
import { runChaos } from './support/run-chaos.ts';
import { targetProject } from './support/target-project.ts';

const TARGET = `
import { createServer } from 'node:http';
let asked = 0;
createServer((request, response) => {
  asked++;
  console.log('asked ' + request.url);
  if (request.url === '/hang') return;
  if (request.url === '/some' && asked % 3 === 0) response.statusCode = 503;
  response.end('ok');
}).listen(Number(process.env.PORT), '127.0.0.1');
`;

const project = (tests: string): Project => targetProject({ target: TARGET, tests });

test('what loads saw is in the report, and the log of the target where the test failed', async () => {
  const run = await runChaos(
    project(`
      const get = (url) => async () => {
        if ((await fetch(url)).status === 503) throw new OperationError('unavailable', 'busy');
      };
      test('passes', async ({ target, load }) => {
        await load.closed({ run: get(target.url + '/some'), concurrency: 2, operations: 30 });
        await load.closed({ run: get(target.url + '/all'), concurrency: 1, operations: 5 });
      });
      test('fails', async ({ target }) => {
        await fetch(target.url + '/last-words');
        expect(1).toBe(2);
      });
    `),
    ['run', '--retries', '0'],
  );
  const found = testsByTitle(run.report());
  const [passed] = found.get('passes')?.results ?? [];
  const loads = passed?.chaos.loads ?? [];
  expect(loads).toMatchObject([
    { operations: 30, counts: { ok: 20, unavailable: 10 }, errors: [{ outcome: 'unavailable', count: 10 }] },
    { operations: 5, counts: { ok: 5 }, concurrency: 1 },
  ]);
  for (const { timeline, operations, counts } of loads) {
    const sum = (series: readonly number[]): number => series.reduce((all, each) => all + each, 0);
    expect([sum(timeline.ok), sum(timeline.failed)]).toEqual([counts['ok'], operations - (counts['ok'] ?? 0)]);
  }
  expect(passed?.attachments).toEqual([]);
  const log = found.get('fails')?.results[0]?.attachments.find(({ name }) => name === 'target log');
  const text = Buffer.from(log?.body ?? '', 'base64').toString();
  expect(text).toMatch(/^\d\d:\d\d:\d\d\.\d{3} asked \/last-words$/m);
  // Of the window of this test only.
  expect(text).not.toContain('/some');
});

test('a test that runs out of time says what its load has seen so far', async () => {
  const run = await runChaos(
    project(`
      test('hangs', async ({ target, load }) => {
        test.setTimeout(1500);
        await load.closed({
          run: ({ worker, iteration, signal }) => fetch(target.url + (worker === 0 && iteration === 3 ? '/hang' : '/'), { signal }),
          concurrency: 1,
          operations: 9,
          operationTimeoutMs: 60_000,
        });
      });
    `),
    ['run', '--retries', '0'],
  );
  expect(run.stdout()).toMatch(/waits for load\.closed\(\) \(so far 3 ok\)/);
});
