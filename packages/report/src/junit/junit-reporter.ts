import type { Writable } from 'node:stream';
import type { Reporter, RunEvent } from '@chaos/spec';
import { checkTarget, writeReport } from '../output/write-report.js';
import { RunRecord } from '@chaos/record';
import { junitReport } from './junit-report.js';

/** Options of {@link createJunitReporter}: exactly one of `outputFile` and `stream`. */
export interface JunitReporterOptions {
  /** Written beside it first and then renamed. Folders are made; paths of attachments are relative to its folder. */
  readonly outputFile?: string;
  /** It is not ended. */
  readonly stream?: Writable;
  /** Name of the whole. Default empty. */
  readonly suiteName?: string;
}

/**
 * JUnit XML, with every attempt of a flaky test (`flakyFailure`, `flakyError`) and of a failed one (`rerunFailure`,
 * `rerunError`). It is written by `end()`, piece by piece.
 *
 * @throws TypeError without a place to write to, or with two; `end()` ChaosError `REPORT` where it cannot be written
 */
export function createJunitReporter({ suiteName = '', ...target }: JunitReporterOptions): Reporter {
  checkTarget('createJunitReporter', target);
  const run = new RunRecord('all');
  return {
    printsToStdout: target.stream === process.stdout,
    onEvent: (event: RunEvent) => run.apply(event),
    async end() {
      try {
        await writeReport('JUnit report', junitReport(run, target.outputFile, suiteName), target);
      } finally {
        run.close();
      }
    },
  };
}
