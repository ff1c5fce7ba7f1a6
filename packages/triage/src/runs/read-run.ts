import { ChaosError, type Attempt, type RunEvent, type SerializedError, type TestCase } from '@chaos/spec';
import { readEvents, RunRecord, scanBlob, skipReason, verdictOf, type TestRecord } from '@chaos/record';
import type { RunData, TestData } from './run-data.js';
import type { PlaceLine, RunPlace } from './run-place.js';

/**
 * Reads a run from its record in `.chaos/runs/`, or from a report of the blob reporter, of any version so far. A run
 * that was killed gives what it had seen; its status is `undefined`.
 *
 * @throws ChaosError `REPORT` where the file holds no run, or is damaged
 */
export async function readRun(file: string): Promise<RunData> {
  const blob = await scanBlob(file);
  if (blob?.start === undefined)
    throw new ChaosError(
      'REPORT',
      `Cannot read ${file}: ${blob === undefined ? 'it is no record of a run' : 'its run ended before it began'}`,
      {
        hint: 'Give a file of .chaos/runs/, a report of the blob reporter, or an id: `chaos export --list` lists the runs.',
      },
    );
  const { start } = blob;
  const record = new RunRecord('none');
  record.apply({ ...start, tests: blob.tests });
  const attempts = new Map<string, Attempt[]>();
  const errors: SerializedError[] = [];
  let place: RunPlace | undefined;
  for await (const event of readEvents(blob)) {
    const line = event as RunEvent | PlaceLine;
    if (line.type === 'run-place') {
      const { type: _type, ...rest } = line;
      place = rest;
    } else if (line.type === 'test-end') {
      record.apply(line);
      const { testId } = line.attempt;
      attempts.set(testId, [...(attempts.get(testId) ?? []), line.attempt]);
    } else if (line.type === 'test-skip') record.apply(line);
    else if (line.type === 'run-error') errors.push(line.error);
  }
  return {
    runId: start.runId,
    file,
    startMs: start.startMs,
    durationMs: blob.end?.durationMs ?? 0,
    status: blob.end?.status,
    version: start.version,
    argv: start.argv,
    variant: start.variant,
    withoutFaults: start.withoutFaults === true,
    config: blob.end?.calibration
      ? { ...start.config, deadlineFactor: blob.end.calibration.deadlineFactor }
      : start.config,
    place,
    tests: [...record.tests.values()].map((each) => testData(each, attempts.get(each.test.id) ?? [])),
    errors,
  };
}

function testData(record: TestRecord, attempts: readonly Attempt[]): TestData {
  const test: TestCase = record.test;
  return { test, attempts, verdict: verdictOf(record), reason: skipReason(record) };
}
