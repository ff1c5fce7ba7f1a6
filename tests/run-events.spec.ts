import { readdirSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { RunEvent } from '@chaos/spec';
import { expect, test } from 'vitest';
import type { Project } from './support/project.ts';
import { runChaos } from './support/run-chaos.ts';
import { targetProject } from './support/target-project.ts';

// Events as a blob keeps them: what triage, the HTML report, the live page and the fleet are built on.

const TARGET = `
import { createServer } from 'node:http';
createServer((request, response) => response.end('ok')).listen(Number(process.env.PORT), '127.0.0.1');
`;

const TESTS = `
test('steps', async ({ target }) => {
  await test.step('outer', async () => {
    await test.step('inner', async () => {
      await fetch(target.url);
      // Longer than the interval of the monitor.
      await new Promise((resolve) => setTimeout(resolve, 700));
    });
  });
  await test.step('fails', () => {
    expect(1).toBe(2);
  });
});
`;

function eventsOf(project: Project): readonly RunEvent[] {
  const folder = project.file('blob-report');
  const report = readdirSync(folder).find((name) => name.endsWith('.jsonl'))!;
  const [, ...lines] = readFileSync(`${folder}/${report}`, 'utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as RunEvent);
}

test('steps are told while they run; every event has its origin; an attempt has its class and its machine', async () => {
  const project = targetProject({ target: TARGET, tests: TESTS });
  const run = await runChaos(project, ['run', '--retries', '0', '--reporter', 'blob']);
  expect(run.code).toBe(1);
  const events = eventsOf(project);
  const host = hostname();
  for (const event of events)
    if ((event.type as string) !== 'blob-tests') expect(event.origin?.host, event.type).toBe(host);

  const begin = events.findIndex(({ type }) => type === 'test-start');
  const end = events.findIndex(({ type }) => type === 'test-end');
  const { workerIndex } = events[begin] as Extract<RunEvent, { type: 'test-start' }>;
  const worker = { host, slot: 0, worker: workerIndex };
  // A blob keeps every step, those of fixtures and matchers, too; here are those of the test's own.
  const own = new Set(
    events.flatMap((event) => (event.type === 'step-start' && event.category === 'test.step' ? [event.step] : [])),
  );
  const steps = events
    .slice(begin, end)
    .filter((event) => (event.type === 'step-start' || event.type === 'step-end') && own.has(event.step));
  const [outer, inner, fails] = own;
  const at = (line: number): object => ({ file: expect.stringMatching(/\.chaos\.ts$/) as string, line });
  const lineOf = (text: string): number => {
    const { location } = steps.find((event) => event.type === 'step-start' && event.title === text) as {
      location: { file: string; line: number };
    };
    const source = readFileSync(location.file, 'utf8').split('\n')[location.line - 1];
    expect(source).toContain(`test.step('${text}'`);
    return location.line;
  };
  const category = 'test.step';
  expect(steps).toMatchObject([
    { type: 'step-start', step: outer, title: 'outer', category, location: at(lineOf('outer')), origin: worker },
    { type: 'step-start', step: inner, parent: outer, title: 'inner', category, location: at(lineOf('inner')) },
    { type: 'step-end', step: inner, retry: 0, origin: worker },
    { type: 'step-end', step: outer },
    { type: 'step-start', step: fails, title: 'fails', location: at(lineOf('fails')) },
    { type: 'step-end', step: fails, error: { message: expect.stringContaining('toBe') as string } },
  ]);
  expect(steps[0]).not.toHaveProperty('parent');
  expect((steps[2] as { durationMs: number }).durationMs).toBeGreaterThanOrEqual(690);

  const { attempt, origin } = events[end] as Extract<RunEvent, { type: 'test-end' }>;
  expect(origin).toEqual(worker);
  expect(attempt.failureClass).toBe('assertion');
  expect(attempt.steps.filter((step) => step.category === category)).toMatchObject([
    { title: 'outer', location: at(lineOf('outer')) },
    { title: 'fails' },
  ]);
  const { runQueueWaitMs, calibration } = attempt.machine!;
  expect(Object.keys(runQueueWaitMs)).toEqual(expect.arrayContaining(['slot-0', 'worker-0', 'target-0']));
  expect(calibration?.speed).toBeGreaterThan(0);
  expect(calibration?.deadlineFactor).toBeGreaterThanOrEqual(1);
});
