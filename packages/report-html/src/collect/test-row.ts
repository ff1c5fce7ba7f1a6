import { passRateOf, skipReason, verdictOf, type RunRecord, type TestRecord } from '@chaos/record';
import type { Attempt } from '@chaos/spec';
import type { TestRow } from '../data/report-data.js';

const MESSAGE_LENGTH = 300;

/** A test as the list shows it. `attempts` are the details of its attempts. */
export function testRow(
  record: TestRecord,
  attempts: readonly Attempt[],
  { start }: RunRecord,
  chunk: string | undefined,
): TestRow {
  const { test } = record;
  const { titlePath, location, chaosId, project, tags } = test;
  const last = record.attempts.at(-1);
  const path = titlePath.slice(0, -1);
  const faults = [...new Set(attempts.flatMap((attempt) => attempt.faults.map(({ name }) => name)))];
  const recovery = attempts
    .flatMap(({ recoveries }) => recoveries)
    .reduce<TestRow['recovery']>(
      (slowest, each) => (each.recoveryMs > (slowest?.recoveryMs ?? -1) ? each : slowest),
      undefined,
    );
  const message = messageOf(record, attempts);
  const failureClass = attempts.findLast((attempt) => attempt.failureClass !== undefined)?.failureClass;
  return {
    id: test.id,
    title: test.title,
    ...(path.length > 0 && { path }),
    ...(chaosId !== undefined && { chaosId }),
    file: relative(start?.config.rootDir ?? '', location.file),
    line: location.line,
    category: test.category,
    ...(project !== '' && { project }),
    ...(tags.length > 0 && { tags }),
    verdict: verdictOf(record),
    durationMs: Math.round(last?.durationMs ?? 0),
    attempts: record.attempts.length,
    ...(faults.length > 0 && { faults }),
    ...(failureClass !== undefined && { failureClass }),
    ...(message !== '' && { message }),
    ...(recovery !== undefined && { recovery }),
    ...(record.attempts.some(({ overloaded }) => overloaded) && { overloaded: true }),
    ...repeatedOf(record, start?.until),
    ...(chunk !== undefined && { chunk }),
  };
}

function repeatedOf(record: TestRecord, until: string | undefined): Pick<TestRow, 'repeated'> {
  const rate = until === undefined ? undefined : passRateOf(record);
  return rate === undefined ? {} : { repeated: { runs: rate.runs, passed: rate.passed } };
}

function messageOf(record: TestRecord, attempts: readonly Attempt[]): string {
  const errors = attempts.flatMap((attempt) => attempt.quarantined?.errors ?? attempt.errors);
  const [error] = errors;
  const text = error?.message ?? error?.value ?? (error === undefined ? skipReason(record) : (error.name ?? ''));
  return firstLine(text).slice(0, MESSAGE_LENGTH);
}

function firstLine(text: string): string {
  return text.trimStart().split('\n', 1)[0] ?? '';
}

/** Relative to the root folder where it is below it, with slashes. */
export function relative(rootDir: string, file: string): string {
  const posix = file.replaceAll('\\', '/');
  const root = `${rootDir.replaceAll('\\', '/').replace(/\/$/, '')}/`;
  return posix.startsWith(root) ? posix.slice(root.length) : posix;
}
