import { errorKind, type RunRecord, type TestRecord } from '@chaos/record';
import type { SerializedError } from '@chaos/spec';
import { formatError } from '../format-error.js';
import { relativePath } from '../relative-path.js';
import type { JunitForm } from './junit-form.js';
import { countOf, junitCase } from './junit-case.js';
import { attributes, cdata } from './xml.js';

interface Counts {
  readonly tests: number;
  readonly failures: number;
  readonly errors: number;
  readonly skipped: number;
}

const RUN_ERRORS = '(run)';

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

function timeOf(records: readonly TestRecord[]): string {
  return seconds(
    records.reduce((sum, { attempts }) => attempts.reduce((total, { durationMs }) => total + durationMs, sum), 0),
  );
}

function count(records: readonly TestRecord[]): Counts {
  const counts = { tests: records.length, failures: 0, errors: 0, skipped: 0 };
  for (const record of records) {
    const column = countOf(record);
    if (column !== undefined) counts[column] += 1;
  }
  return counts;
}

/** The report in small pieces: one suite for each file of each project, and one for errors outside of tests. */
export function* junitReport(run: RunRecord, outputFile: string | undefined, form: JunitForm): Generator<string> {
  const { start, end, tests, errors } = run;
  const rootDir = start?.config.rootDir ?? '/';
  const suites = new Map<string, { readonly project: string; readonly file: string; readonly records: TestRecord[] }>();
  for (const record of tests.values()) {
    const { project, location } = record.test;
    const key = `${project}\n${location.file}`;
    const suite = suites.get(key) ?? { project, file: relativePath(rootDir, location.file), records: [] };
    suites.set(key, suite);
    suite.records.push(record);
  }
  const all = count([...tests.values()]);
  const ofRun = {
    failures: errors.filter((error) => errorKind(error) === 'failure').length,
    errors: errors.filter((error) => errorKind(error) === 'error').length,
  };
  const total = {
    ...(!form.strict && { id: form.suiteId ?? start?.runId ?? '' }),
    name: form.suiteName,
    tests: all.tests + errors.length,
    failures: all.failures + ofRun.failures,
    errors: all.errors + ofRun.errors,
    ...(!form.strict && { skipped: all.skipped }),
  };
  const timestamp = new Date(start?.startMs ?? 0).toISOString();
  yield '<?xml version="1.0" encoding="UTF-8"?>\n';
  yield `<testsuites${attributes({ ...total, time: seconds(end?.durationMs ?? 0) })}>\n`;
  for (const { project, file, records } of suites.values()) {
    const suite = { name: file, timestamp, hostname: project, ...count(records), time: timeOf(records) };
    yield `  <testsuite${attributes(suite)}>\n`;
    for (const record of records) yield* junitCase(record, run, { outputFile, form });
    yield '  </testsuite>\n';
  }
  if (errors.length > 0) {
    const suite = { name: RUN_ERRORS, timestamp, hostname: '', tests: errors.length, ...ofRun };
    yield `  <testsuite${attributes({ ...suite, skipped: 0, time: seconds(0) })}>\n`;
    for (const [index, error] of errors.entries()) yield runError(error, index);
    yield '  </testsuite>\n';
  }
  yield '</testsuites>\n';
}

function runError(error: SerializedError, index: number): string {
  const kind = errorKind(error);
  const said = {
    message: (error.message ?? error.value ?? '').split('\n')[0],
    type: error.code ?? error.name ?? 'Error',
  };
  return [
    `    <testcase${attributes({ name: `error ${index + 1} of no test`, classname: RUN_ERRORS, time: seconds(0) })}>`,
    `      <${kind}${attributes(said)}>${cdata(formatError(error))}</${kind}>`,
    '    </testcase>\n',
  ].join('\n');
}
