import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testsByTitle } from './support/json-report.ts';
import { createProject } from './support/project.ts';
import { runChaos } from './support/run-chaos.ts';

const FILES = {
  'chaos.yaml': `
target: { command: [node, target.mjs], env: { PORT: '{port}' }, driver: driver.ts }
runner: { workers: 1, require_purpose: false }
`,
  'target.mjs': `
import { createServer } from 'node:http';
createServer((_, response) => response.end(String(Date.now()))).listen(Number(process.env.PORT), '127.0.0.1');
`,
  'driver.ts': `
import { http } from '@chaos/test';
export default { operations: { now: http().get('/', { as: 'text' }) } };
`,
  'a.chaos.ts': `
import { test, expect } from '@chaos/test';
test('an hour ahead', { requires: ['faketime'] }, async ({ target, inject }) => {
  const ahead = await inject(target.process.clockOffset(3_600_000));
  expect(Number(await target.now()) - Date.now()).toBeGreaterThan(3_500_000);
  await ahead.heal();
  expect(Number(await target.now()) - Date.now()).toBeLessThan(60_000);
});
test('who comes when', { services: [] }, async ({ target, link }) => {
  const sinceMs = Date.now();
  await target.now();
  const arrivals = await link('client', 'target').arrivals();
  expect(arrivals.length).toBeGreaterThan(0);
  expect(arrivals).toEqual([...arrivals].sort((a, b) => a - b));
  expect(arrivals.every((ms) => ms <= Date.now() + 1)).toBe(true);
  expect(await link('client', 'target').arrivals(sinceMs + 60_000)).toEqual([]);
});
`,
};

test('what a fault needs is fetched before the run, for slots have no network', async () => {
  // Nothing is there yet, as on a machine that runs chaos for the first time.
  const cache = mkdtempSync(join(tmpdir(), 'chaos-empty-cache-'));
  try {
    const run = await runChaos(createProject(FILES), ['run', '--retries', '0', '--reporter', 'list,json'], {
      env: { CHAOS_CACHE_DIR: cache },
    });
    expect(run.code, run.output).toBe(0);
    const tests = testsByTitle(run.report());
    expect(tests.get('who comes when')?.status).toBe('expected');
    const { status, annotations } = tests.get('an hour ahead')!;
    // Where it can neither be found nor fetched the reason is known before anything starts.
    if (status !== 'expected') expect(annotations[0]?.description).toMatch(/^requires faketime: /);
  } finally {
    rmSync(cache, { recursive: true, force: true });
  }
});
