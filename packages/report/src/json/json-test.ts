import type { Annotation } from '@chaos/spec';
import { outcomeOfRecord, passRateOf, type RunRecord, type TestRecord } from '@chaos/record';
import { addMissing } from '../add-missing.js';
import { addSkip } from '../add-skip.js';
import { projectLabel } from '../label/project-label.js';
import { jsonResult, jsonSkippedResult } from './json-result.js';
import type { JsonTest } from './json-types.js';

function annotationsOf({ test, attempts, skip }: TestRecord): readonly Annotation[] {
  const last = attempts.at(-1);
  const annotations = [...test.annotations];
  addMissing(annotations, last?.annotations ?? []);
  if (last?.inconclusive !== undefined && !annotations.some(({ type }) => type === 'inconclusive'))
    annotations.push({ type: 'inconclusive', description: last.inconclusive });
  if (skip !== undefined && !skip.didNotRun) addSkip(annotations, skip.reason);
  return annotations;
}

/** Playwright's test of one project, with all its results. */
export function jsonTest(record: TestRecord, run: RunRecord): JsonTest {
  const { test, attempts, skip } = record;
  const annotations = annotationsOf(record);
  const skipped = attempts.length === 0 ? skip?.didNotRun === false : attempts.at(-1)?.status === 'skipped';
  const isRepeated = run.start?.until !== undefined;
  // Parallel runs of a test end in any order.
  const results = (isRepeated ? attempts.toSorted((a, b) => a.retry - b.retry) : attempts).map((attempt) =>
    jsonResult(run.attempt(attempt), test),
  );
  return {
    timeout: test.timeoutMs,
    annotations,
    // A test that skips itself in its body was expected to be skipped.
    expectedStatus: skipped ? 'skipped' : test.expectedStatus,
    projectId: test.project,
    projectName: projectLabel(run.start?.config, test.project),
    results: results.length === 0 && skipped ? [jsonSkippedResult(annotations, run.start?.startMs ?? 0)] : results,
    status: outcomeOfRecord(record),
    chaos: {
      id: test.chaosId,
      category: test.category,
      purpose: test.purpose,
      catches: test.catches,
      requires: test.requires,
      needs: test.needs,
      locks: test.locks,
      sharedLocks: test.sharedLocks,
      weight: test.weight,
      quarantine: test.quarantine,
      passRate: isRepeated ? passRateOf(record) : undefined,
    },
  };
}
