import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readRun } from './read-run.js';

const TEST =
  '{"id":"a","title":"holds","titlePath":["holds"],"location":{"file":"/repo/a.chaos.ts","line":1,"column":1},"project":"","category":"cache","tags":[],"annotations":[],"catches":[],"requires":[],"locks":[],"expectedStatus":"passed","timeoutMs":1,"retries":0}';
const START =
  '{"type":"run-start","runId":"r1","startMs":5,"version":"0.1.0","argv":["run"],"variant":"stampede","config":{"rootDir":"/repo","metadata":{},"runner":{"workers":1,"projects":[]}},"tests":[]}';
const attempt = (retry: number, status: string): string =>
  `{"type":"test-end","attempt":{"testId":"a","retry":${retry},"status":"${status}","startMs":6,"durationMs":9,"workerIndex":0,"parallelIndex":0,"seed":"s","errors":[],"steps":[],"attachments":[],"annotations":[],"stdout":[],"stderr":[],"phases":[],"faults":[],"recoveries":[]}}`;

function fileOf(...lines: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'chaos-read-run-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'run.jsonl');
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

// Every version of the format that was ever written has to be readable.
test.each([1, 2])('reads a record of version %d with its verdicts', async (version) => {
  const file = fileOf(
    `{"type":"blob","version":${version},"runId":"r1","rootDir":"/repo","pathSeparator":"/"}`,
    START,
    `{"type":"blob-tests","tests":[${TEST}]}`,
    attempt(0, 'failed'),
    attempt(1, 'passed'),
    '{"type":"run-end","status":"passed","endMs":30,"durationMs":25}',
  );
  const run = await readRun(file);
  expect(run).toMatchObject({ runId: 'r1', status: 'passed', durationMs: 25, variant: 'stampede', place: undefined });
  expect(run.tests.map(({ verdict, attempts }) => [verdict, attempts.length])).toEqual([['flaky', 2]]);
});

test('reads the machine and the commit, and lines of a newer version', async () => {
  const place = {
    fingerprint: 'f',
    platform: 'linux',
    arch: 'x64',
    node: 'v20',
    cpuModel: 'm',
    usableCpus: 2,
    usableMemoryBytes: 4,
  };
  const file = fileOf(
    '{"type":"blob","version":2,"runId":"r1","rootDir":"/repo","pathSeparator":"/"}',
    START,
    JSON.stringify({ type: 'run-place', ...place }),
    '{"type":"of-tomorrow","what":null}',
  );
  const run = await readRun(file);
  expect(run.place).toEqual(place);
  expect(run.status).toBeUndefined();
});

test('a file that holds no run is refused with the fix', async () => {
  await expect(readRun(fileOf('{"a":1}'))).rejects.toThrow(/Cannot read .*run\.jsonl: it is no record of a run/);
});
