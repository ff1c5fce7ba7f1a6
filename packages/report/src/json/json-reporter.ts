import type { Writable } from 'node:stream';
import type { Reporter, RunEvent } from '@chaos/spec';
import { checkTarget, writeReport } from '../output/write-report.js';
import { RunRecord } from '@chaos/record';
import { jsonReport } from './json-report.js';

/** Options of {@link createJsonReporter}: exactly one of `outputFile` and `stream`. */
export interface JsonReporterOptions {
  /** Written beside it first and then renamed: a reader never sees half a report. Folders are made. */
  readonly outputFile?: string;
  /** It is not ended. */
  readonly stream?: Writable;
  /** Told in `config.configFile`. */
  readonly configFile?: string;
}

/**
 * Playwright's JSON report; ours only under `chaos` keys. It is written by `end()`, piece by piece; until then large
 * runs are kept in a temporary file.
 *
 * @throws TypeError without a place to write to, or with two; `end()` ChaosError `REPORT` where it cannot be written
 */
export function createJsonReporter({ configFile, ...target }: JsonReporterOptions): Reporter {
  checkTarget('createJsonReporter', target);
  const run = new RunRecord('all');
  return {
    printsToStdout: target.stream === process.stdout,
    onEvent: (event: RunEvent) => run.apply(event),
    async end() {
      try {
        await writeReport('JSON report', jsonReport(run, configFile), target);
      } finally {
        run.close();
      }
    },
  };
}
