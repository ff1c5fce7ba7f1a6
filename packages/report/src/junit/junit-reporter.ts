import type { Writable } from 'node:stream';
import type { Reporter, RunEvent } from '@chaos/spec';
import { checkTarget, discardReport, writeReport } from '../output/write-report.js';
import { RunRecord } from '@chaos/record';
import type { JunitForm } from './junit-form.js';
import { junitReport } from './junit-report.js';

/** Options of {@link createJunitReporter}: exactly one of `outputFile` and `stream`. */
export interface JunitReporterOptions extends Partial<JunitForm> {
  /**
   * Written to a temporary file and then renamed. Folders are created; paths of attachments are relative to the
   * report's folder.
   */
  readonly outputFile?: string;
  /** The stream is not ended. */
  readonly stream?: Writable;
}

/**
 * JUnit XML with every attempt of a flaky test (`flakyFailure`, `flakyError`) and of a failed one (`rerunFailure`,
 * `rerunError`). `end()` writes it, piece by piece.
 *
 * @throws TypeError without a place to write to, or with two; `end()` ChaosError `REPORT` where it cannot be written
 */
export function createJunitReporter({
  suiteName = '',
  suiteId,
  includeProjectInTestName = false,
  strict = false,
  ...target
}: JunitReporterOptions): Reporter {
  checkTarget('createJunitReporter', target);
  const form: JunitForm = { suiteName, suiteId, includeProjectInTestName, strict };
  const run = new RunRecord('all');
  return {
    printsToStdout: target.stream === process.stdout,
    onEvent(event: RunEvent) {
      if (event.type === 'run-start') discardReport(target);
      run.apply(event);
    },
    async end() {
      try {
        await writeReport('JUnit report', junitReport(run, target.outputFile, form), target);
      } finally {
        run.close();
      }
    },
  };
}
