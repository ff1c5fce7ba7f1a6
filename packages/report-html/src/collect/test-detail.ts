import { rerunCommand, type RunRecord, type TestRecord } from '@chaos/record';
import type { Attempt } from '@chaos/spec';
import type { AttemptDetail, TestDetail } from '../data/report-data.js';
import { attachmentLink, TARGET_LOG, targetLogOf, type StoreFile } from './attachments.js';
import { attemptLog } from './attempt-log.js';
import type { SampleSeries } from './sample-series.js';

/** Samples shortly before and after an attempt belong on its axis, too. */
const MARGIN_MS = 500;

/** The details of a test, for the page that opens it. */
export function testDetail(
  { test, skip }: TestRecord,
  attempts: readonly Attempt[],
  { start }: RunRecord,
  { samples, store }: { readonly samples: SampleSeries; readonly store: StoreFile },
): TestDetail {
  const seed = attempts.at(-1)?.seed ?? start?.config.runner.seed ?? '';
  return {
    test,
    repeat: rerunCommand(test, seed, start),
    attempts: attempts.map((attempt) => attemptDetail(attempt, samples, store)),
    ...(skip !== undefined && { skipped: skip.reason }),
  };
}

function attemptDetail(attempt: Attempt, samples: SampleSeries, store: StoreFile): AttemptDetail {
  const { retry, status, startMs, durationMs, workerIndex, parallelIndex, seed, errors, steps, phases } = attempt;
  const { faults, recoveries, loads, annotations, attachments } = attempt;
  const { failureClass, inconclusive, quarantined, machine } = attempt;
  const place = { slot: parallelIndex, worker: workerIndex };
  return {
    retry,
    status,
    startMs,
    durationMs,
    ...place,
    seed,
    errors,
    steps,
    phases,
    faults,
    recoveries,
    // Blobs of earlier versions have none.
    loads: (loads as typeof loads | undefined) ?? [],
    annotations,
    ...(failureClass !== undefined && { failureClass }),
    ...(inconclusive !== undefined && { inconclusive }),
    ...(quarantined !== undefined && { quarantined }),
    ...(machine !== undefined && { machine }),
    log: attemptLog(attempt, targetLogOf(attachments)),
    attachments: attachments.filter(({ name }) => name !== TARGET_LOG).map((each) => attachmentLink(each, store)),
    series: samples.during(startMs - MARGIN_MS, startMs + durationMs + MARGIN_MS, place),
  };
}
