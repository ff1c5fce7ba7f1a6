import type { Writable } from 'node:stream';
import type { Reporter, RunEvent } from '@chaos/spec';
import { checkTarget, discardReport, writeReport } from '../output/write-report.js';
import { RunRecord } from '@chaos/record';
import { jsonReport } from './json-report.js';

/** Options of {@link createJsonReporter}: exactly one of `outputFile` and `stream`. */
export interface JsonReporterOptions {
  /** Written to a temporary file and then renamed: a reader never sees half a report. Folders are created. */
  readonly outputFile?: string;
  /** The stream is not ended. */
  readonly stream?: Writable;
  /** Value of `config.configFile`. */
  readonly configFile?: string;
}

/**
 * Playwright's JSON report, with our own data only under `chaos` keys. `end()` writes it, piece by piece; until then
 * large runs are kept in a temporary file.
 *
 * @throws TypeError without a place to write to, or with two; `end()` ChaosError `REPORT` where it cannot be written
 */
export function createJsonReporter({ configFile, ...target }: JsonReporterOptions): Reporter {
  checkTarget('createJsonReporter', target);
  const run = new RunRecord('all');
  return {
    printsToStdout: target.stream === process.stdout,
    onEvent(event: RunEvent) {
      if (event.type === 'run-start') discardReport(target);
      run.apply(event);
    },
    async end() {
      try {
        await writeReport('JSON report', jsonReport(run, configFile), target);
      } finally {
        run.close();
      }
    },
  };
}
