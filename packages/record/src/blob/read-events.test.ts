import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunEvent } from '@chaos/spec';
import { expect, onTestFinished, test } from 'vitest';
import { readEvents } from './read-events.js';
import { scanBlob } from './scan-blob.js';

async function eventsOf(...lines: readonly string[]): Promise<readonly RunEvent[]> {
  const directory = mkdtempSync(join(tmpdir(), 'chaos-events-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const file = join(directory, 'report.jsonl');
  writeFileSync(file, lines.join('\n'));
  const blob = await scanBlob(file);
  const events: RunEvent[] = [];
  for await (const event of readEvents(blob!)) events.push(event);
  return events;
}

// As a run of version 1 wrote them.
const V1 = [
  '{"type":"blob","version":1,"runId":"r","rootDir":"/repo","pathSeparator":"/","name":"linux"}',
  '{"type":"slot-state","slot":1,"state":"ready","timeMs":5}',
  '{"type":"test-start","testId":"a","retry":0,"workerIndex":3,"parallelIndex":1,"timeMs":6}',
  '{"type":"fault-start","testId":"a","retry":0,"name":"link cut","timeMs":7}',
  '{"type":"test-end","attempt":{"testId":"a","retry":0,"status":"failed","startMs":6,"durationMs":9,"workerIndex":3,"parallelIndex":1,"seed":"s","errors":[{"message":"gone","code":"TARGET_EXITED"}],"steps":[],"attachments":[],"annotations":[],"stdout":[],"stderr":[],"phases":[],"faults":[],"recoveries":[]},"outcome":"unexpected"}',
];

test('a report of version 1 gets origins and failure classes', async () => {
  const [slot, start, fault, end] = await eventsOf(...V1, '');
  expect(slot).toMatchObject({ type: 'slot-state', origin: { host: 'linux', slot: 1 } });
  expect(start).toMatchObject({ type: 'test-start', origin: { host: 'linux', slot: 1, worker: 3 } });
  expect(fault?.origin).toEqual({ host: 'linux' });
  expect(end).toMatchObject({ attempt: { failureClass: 'target' }, origin: { host: 'linux', slot: 1, worker: 3 } });
});

test('a report of the current version comes as it was written, without a line that was cut off', async () => {
  const step = {
    type: 'step-start',
    testId: 'a',
    retry: 0,
    step: 2,
    parent: 1,
    title: 'inner',
    category: 'test.step',
    timeMs: 7,
    origin: { host: 'mac', slot: 0, worker: 0 },
  };
  const header = V1[0]!.replace('"version":1', '"version":2');
  expect(await eventsOf(header, JSON.stringify(step), '{"type":"step-end","testId":"a","ret')).toEqual([step]);
});

test('a damaged origin is told with its line', async () => {
  const line = '{"type":"diagnostic","text":"x","origin":{"host":7}}';
  await expect(eventsOf(V1[0]!, line, '')).rejects.toThrow('report.jsonl:2: diagnostic.origin.host is 7, not a text');
});

test('a device or a folder is refused, and not read for ever', async () => {
  for (const path of ['/dev/zero', tmpdir()])
    await expect(scanBlob(path)).rejects.toMatchObject({
      code: 'REPORT',
      message: `Cannot read ${path}: it is no file`,
    });
});
