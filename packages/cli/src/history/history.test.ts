import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readRun } from '@chaos/triage';
import type { ResolvedConfig, RunEvent } from '@chaos/spec';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { createHistoryReporter } from './create-history-reporter.js';
import { findRun, findRuns } from './find-runs.js';
import { listHistory } from './history-folder.js';

let rootDir: string;

beforeEach(() => {
  rootDir = mkdtempSync(join(tmpdir(), 'chaos-history-'));
  onTestFinished(() => rmSync(rootDir, { recursive: true, force: true }));
});

const config = (history = { maxRuns: 200, maxBytes: 2 ** 20 }) =>
  ({ rootDir, metadata: {}, runner: { workers: 1, projects: [], history } }) as unknown as ResolvedConfig;

async function record(
  runId: string,
  startMs: number,
  history?: { maxRuns: number; maxBytes: number },
): Promise<string[]> {
  const lost: string[] = [];
  const own = config(history);
  const reporter = createHistoryReporter(own, (why) => lost.push(why));
  const events: readonly RunEvent[] = [
    { type: 'run-error', error: { message: 'early' } },
    { type: 'run-start', runId, startMs, version: '0', argv: [], config: own, tests: [] },
    { type: 'test-output', stream: 'stdout', text: 'noise' },
    { type: 'run-end', status: 'passed', endMs: startMs + 10, durationMs: 10 },
  ];
  for (const event of events) reporter.onEvent(event);
  await reporter.end!();
  return lost;
}

test('a run leaves a private record with its machine, and without what tests printed', async () => {
  expect(await record('aa11', 1000)).toEqual([]);
  const [entry] = listHistory(rootDir);
  expect(statSync(entry!.file).mode & 0o777).toBe(0o600);
  expect(readFileSync(entry!.file, 'utf8')).not.toContain('noise');
  expect(readFileSync(join(rootDir, '.chaos/.gitignore'), 'utf8')).toBe('*\n');
  const run = await readRun(entry!.file);
  expect(run).toMatchObject({ runId: 'aa11', status: 'passed', errors: [{ message: 'early' }] });
  expect(run.place?.fingerprint).toMatch(/^[\d.]+cpu-\d+gib-\w+-\w+-[0-9a-f]{6}$/);
});

test('a folder that others can write to is refused, with a fix that helps', async () => {
  const folder = join(rootDir, '.chaos', 'runs');
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o777);
  let refusal: unknown;
  try {
    listHistory(rootDir);
  } catch (error) {
    refusal = error;
  }
  expect(refusal).toMatchObject({ code: 'ENVIRONMENT', hint: expect.stringContaining('--no-history') as string });
  expect((refusal as { hint: string }).hint).not.toContain('TMPDIR');
  expect(await record('aa11', 1000)).toEqual([expect.stringContaining('others can write to it')]);
});

test('the oldest records go when there are too many, or too much of them', async () => {
  for (let run = 0; run < 5; run++) await record(`r${run}`, run * 1000, { maxRuns: 3, maxBytes: 2 ** 20 });
  expect(listHistory(rootDir).map(({ runId }) => runId)).toEqual(['r2', 'r3', 'r4']);
  await record('r5', 9000, { maxRuns: 100, maxBytes: 1 });
  expect(listHistory(rootDir).map(({ runId }) => runId)).toEqual(['r5']);
});

test('runs are found by path, id, last, range and folder', async () => {
  for (let run = 0; run < 4; run++) await record(`${run}f0`, run * 1000);
  const scope = { cwd: rootDir, rootDir };
  const files = listHistory(rootDir).map(({ file }) => file);
  expect(findRun('last', scope)).toBe(files[3]);
  expect(findRun('last~3', scope)).toBe(files[0]);
  expect(findRun('2f', scope)).toBe(files[2]);
  expect(findRun(files[1]!, scope)).toBe(files[1]);
  expect(findRuns('last~2..last~1', scope)).toEqual(files.slice(1, 3));
  expect(findRuns('0f,last', scope)).toEqual([files[0], files[3]]);
  expect(findRuns('.chaos/runs', scope)).toEqual(files);
  expect(() => findRun('last~4', scope)).toThrow('Cannot find last~4: the history holds 4 runs');
  expect(() => findRun('zz', scope)).toThrow('Cannot find the run "zz"');
  expect(() => findRun('all', scope)).toThrow('"all" means 4 of them');
  expect(() => findRun('last', { cwd: rootDir, rootDir: join(rootDir, 'none') })).toThrow(
    'no run of none has left a record',
  );
});

test('a history that cannot be written is told once', async () => {
  const elsewhere = mkdtempSync(join(tmpdir(), 'chaos-elsewhere-'));
  onTestFinished(() => rmSync(elsewhere, { recursive: true }));
  symlinkSync(elsewhere, join(rootDir, '.chaos'));
  expect(await record('a', 1)).toEqual([expect.stringContaining('.chaos: it is a symbolic link or no folder')]);
  expect(readdirSync(elsewhere)).toEqual([]);
  rmSync(join(rootDir, '.chaos'));
  mkdirSync(join(rootDir, '.chaos'), { mode: 0o700 });
  writeFileSync(join(rootDir, '.chaos/runs'), '');
  expect(await record('b', 2)).toEqual([expect.stringContaining('it is no folder')]);
});
