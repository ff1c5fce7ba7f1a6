import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createProject } from './support/project.ts';
import { runChaos } from './support/run-chaos.ts';

const TESTS = `
  import { test, expect } from '@chaos/test';
  import { InvariantViolation } from '@chaos/spec';
  const shared = globalThis as { dirty?: boolean };
  test('loses a write', () => { throw new InvariantViolation('acknowledged, and not there'); });
  test('pollutes', () => { shared.dirty = true; });
  test('victim', () => { expect(shared.dirty).toBe(undefined); });
  test('waits too short', async () => {
    const start = Date.now();
    await expect.poll(() => Date.now() - start > 1500, { timeout: 1000 }).toBe(true);
  });
`;

interface Inventory {
  readonly schemaVersion: number;
  readonly failures: readonly { readonly title: string; readonly tag: string; readonly priority: number }[];
}

test('triage tells a bug, tuning and a dependence on order apart, and flake names the neighbour', async () => {
  const project = createProject({ 'a.chaos.ts': TESTS });
  expect((await runChaos(project, ['run', '--workers', '1', '--retries', '0', '--fully-parallel'])).code).toBe(1);
  const triage = await runChaos(project, ['triage', '--json', '--issues', 'issues']);
  expect(triage.code, triage.output).toBe(0);
  const { schemaVersion, failures } = JSON.parse(triage.stdout()) as Inventory;
  expect(schemaVersion).toBe(1);
  expect(failures[0]).toMatchObject({ title: 'loses a write', tag: 'POTENTIAL_BUG', priority: 1 });
  expect(failures.find(({ title }) => title === 'waits too short')?.tag).toBe('TUNING_NEEDED');
  for (const type of ['json', 'csv', 'md', 'xlsx'])
    expect(existsSync(project.file(`chaos-results/inventory.${type}`))).toBe(true);
  expect(readFileSync(project.file('issues/01-loses-a-write.md'), 'utf8')).toContain('**POTENTIAL_BUG**');
  expect((await runChaos(project, ['gate'])).stdout()).toMatch(/potential\s+bug: loses a write/);

  const flake = await runChaos(project, ['flake', '-g', 'pollutes|victim', '--below', '0.3', '--json']);
  const rows = (JSON.parse(flake.stdout()) as { tests: { title: string; failsAfter?: { title: string } }[] }).tests;
  expect(rows.find(({ title }) => title === 'victim')?.failsAfter?.title).toBe('pollutes');
}, 300_000);
