import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createProject } from './support/project.ts';
import { runChaos } from './support/run-chaos.ts';

const TESTS = `
  import { test, expect } from '@chaos/test';
  test('holds', () => {});
  test('=breaks', () => { expect(process.env.FINE).toBe('yes'); });
`;

test('each run is remembered, and judged, compared and exported from its record', async () => {
  const project = createProject({ 'a.chaos.ts': TESTS });
  const chaos = async (
    args: string[],
    env: Record<string, string> = {},
  ): Promise<{ code: number | null; out: string }> => {
    const { code, stdout } = await runChaos(project, args, { env });
    return { code, out: stdout() };
  };
  expect((await chaos(['gate'])).code).toBe(3);
  expect((await chaos(['run', '--retries', '0'])).code).toBe(1);
  expect((await chaos(['run', '--retries', '0'], { FINE: 'yes' })).code).toBe(0);
  expect((await chaos(['run', '--retries', '0', '--no-history'])).code).toBe(1);

  const summary = project.file('summary.md');
  const before = await chaos(['gate', 'last~1'], { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary });
  expect(before.code).toBe(1);
  expect(before.out).toContain('::error title=chaos gate%3A pass rate::1 of 2 conclusive tests passed (50 %25');
  const lines = before.out.split('\n').filter((line) => !line.startsWith('::'));
  expect(lines.join(' ')).toContain('1 of 2 conclusive tests passed (50 %;');
  for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(80);
  expect(readFileSync(summary, 'utf8')).toContain('### Chaos gate: not met');
  // The last one left no record: nothing older may be judged in its place.
  expect((await chaos(['gate'])).code).toBe(3);
  const after = await chaos(['gate', 'last~0', '--json']);
  expect(after.code).toBe(0);
  expect(JSON.parse(after.out)).toMatchObject({ schemaVersion: 1, met: true, counts: { passed: 2 } });
  expect((await chaos(['gate', '--max-flaky', '7'])).code).toBe(2);

  const compared = JSON.parse((await chaos(['compare', 'last~1', 'last', '--json'])).out) as { changed: unknown };
  expect(compared.changed).toMatchObject([{ title: '=breaks', from: 'failed', to: 'passed' }]);

  const { out: csv } = await chaos(['export']);
  expect(csv.split('\r\n')).toHaveLength(6);
  expect(csv).toContain(",'=breaks,failed,");
  expect(existsSync(project.file('.chaos/.gitignore'))).toBe(true);
  const { runs } = JSON.parse((await chaos(['export', '--list', '--json'])).out) as { runs: unknown };
  expect(runs).toMatchObject([
    { passed: 1, failed: 1 },
    { passed: 2, failed: 0 },
  ]);

  // Nor may it be after a run that did not begin; the next one that does is judged again.
  expect((await chaos(['run', '--retries', '0'], { FINE: 'yes' })).code).toBe(0);
  expect((await chaos(['gate'])).code).toBe(0);
  expect((await chaos(['run', '--environment', 'nowhere'])).code).toBe(2);
  const refused = await runChaos(project, ['gate']);
  expect(refused.code, refused.output).toBe(3);
  expect(refused.output).toContain('Cannot judge the last run: it left no record');
  expect((await chaos(['run', '--retries', '0', '-x', '--workers', '1'])).code).toBe(1);
  expect((await chaos(['gate'])).code).toBe(1);
});

test('flake is undecided where nothing was measured', async () => {
  const project = createProject({
    'a.chaos.ts': `
      import { test } from '@chaos/test';
      test.skip('skipped', () => {});
      test('tells nothing', () => test.inconclusive('nothing to see'));
    `,
  });
  for (const args of [['-g', 'skipped'], ['-g', 'tells'], []]) {
    const { code, output } = await runChaos(project, ['flake', '--runs', '2', ...args]);
    expect(code, output).toBe(1);
    expect(output).toContain('undecided');
    expect(output).not.toContain('nothing to do');
  }
});

test('flake and triage tell what fails outside of tests, and do not end well', async () => {
  const project = createProject({
    'a.chaos.ts': `
      import { test as base } from '@chaos/test';
      const test = base.extend({
        hurt: [async ({}, use) => { await use('x'); throw new Error('the worker fixture ends badly'); }, { scope: 'worker' }],
      });
      test('passes', ({ hurt }) => {});
    `,
    'down.mjs': "export default () => { throw new Error('the teardown fails'); };",
    'chaos.yaml': 'runner: { workers: 1, global_teardown: down.mjs }',
  });
  const flake = await runChaos(project, ['flake', '--runs', '3', '--below', '0.9', '--json']);
  expect(flake.code, flake.output).toBe(1);
  const { tests, errors } = JSON.parse(flake.stdout()) as { tests: unknown; errors: unknown };
  expect(tests).toMatchObject([{ title: 'passes', failed: 0, verdict: 'stable' }]);
  expect(errors).toEqual([expect.stringContaining('the worker fixture ends badly'), 'the teardown fails']);
  const told = await runChaos(project, ['flake', '--runs', '3', '--below', '0.9']);
  expect(told.stdout()).toMatch(/outside of tests[\s\S]*the worker fixture ends badly[\s\S]*the teardown fails/);
  expect(told.stdout()).not.toContain('nothing to do');

  expect((await runChaos(project, ['run'])).code).toBe(1);
  const triage = await runChaos(project, ['triage']);
  expect(triage.code, triage.output).toBe(1);
  expect(triage.stdout()).toMatch(/outside of tests[\s\S]*the worker fixture ends badly[\s\S]*the teardown fails/);
  expect(triage.stdout()).not.toContain('nothing to explain');
  expect(readFileSync(project.file('chaos-results/inventory.md'), 'utf8')).toContain('- the teardown fails');
});

test('triage says in whole sentences what failures share, and how to run one again', async () => {
  const project = createProject({
    'chaos.yaml': 'runner: { workers: 1, retries: 0 }',
    'a.chaos.ts': `
      import { test } from '@chaos/test';
      const aSecond = () => new Promise((resolve) => setTimeout(resolve, 1000));
      for (const name of ['a', 'b']) test(name, async () => { await aSecond(); throw new Error('no ' + name); });
    `,
  });
  const run = await runChaos(project, ['run']);
  const { output } = await runChaos(project, ['triage', '--no-rerun']);
  expect(output).toMatch(/2 spent most of their time in the phase "body"/);
  const [, repro] = /Repro: (npx chaos a\.chaos\.ts:4 --seed \w+)/.exec(run.output) ?? [];
  expect(repro, run.output).toBeDefined();
  expect(output.replaceAll(/\s+/g, ' ')).toContain(`begin with P2: ${repro} --retries 0`);
});

test('the gate is met neither by a shard alone nor without faults, only by all shards with their faults', async () => {
  const source = `import { test } from '@chaos/test'; for (const name of ['a', 'b', 'c', 'd']) test(name, () => {});`;
  const project = createProject({ 'a.chaos.ts': source, 'b.chaos.ts': source });
  const parts = project.file('parts');
  mkdirSync(parts);
  for (const shard of ['1/2', '2/2']) {
    expect((await runChaos(project, ['run', '--shard', shard, '--reporter', 'blob'])).code).toBe(0);
    for (const of of [[], ['blob-report']]) {
      const gate = await runChaos(project, ['gate', ...of]);
      expect(gate.code, gate.output).toBe(1);
      expect(gate.stdout().replaceAll(/\s+/g, ' ')).toMatch(
        new RegExp(`not met .*: the run is shard ${shard[0]} of 2 only.*Next: .*chaos merge-reports`),
      );
    }
    cpSync(project.file('blob-report'), parts, { recursive: true });
    rmSync(project.file('blob-report'), { recursive: true });
    // Shards are cut by the timings that a machine has, and each of these has none.
    rmSync(project.file('chaos-results'), { recursive: true });
  }
  expect((await runChaos(project, ['merge-reports', 'parts', '--reporter', 'blob'])).code).toBe(0);
  const merged = await runChaos(project, ['gate', 'blob-report']);
  expect(merged.code, merged.output).toBe(0);
  expect(merged.stdout()).toContain('8 of 8 conclusive tests passed');

  // One part without faults makes a merged run one without.
  rmSync(project.file('blob-report'), { recursive: true });
  expect((await runChaos(project, ['run', '--shard', '2/2', '--no-faults', '--reporter', 'blob'])).code).toBe(0);
  cpSync(project.file('blob-report'), parts, { recursive: true });
  rmSync(project.file('blob-report'), { recursive: true });
  expect((await runChaos(project, ['merge-reports', 'parts', '--reporter', 'blob'])).code).toBe(0);
  expect((await runChaos(project, ['run', '--no-faults'])).code).toBe(0);
  for (const of of ['last', 'blob-report']) {
    const gate = await runChaos(project, ['gate', of]);
    expect(gate.code, gate.output).toBe(1);
    expect(gate.stdout().replaceAll(/\s+/g, ' ')).toMatch(/injected no fault \(--no-faults\).*Next: Run again without/);
  }
});
