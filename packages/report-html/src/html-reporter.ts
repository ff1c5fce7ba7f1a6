import { RunRecord, type TestRecord } from '@chaos/record';
import { ChaosError, type Attempt, type Reporter, type RunEvent } from '@chaos/spec';
import { runInfo } from './collect/run-info.js';
import { machineHealth } from './collect/machine-health.js';
import { rates } from './collect/rates.js';
import { SampleSeries } from './collect/sample-series.js';
import { testDetail } from './collect/test-detail.js';
import { testRow } from './collect/test-row.js';
import type { MachineHealth, ReportIndex } from './data/report-data.js';
import { Chunks } from './write/chunks.js';
import { discardPage, fileWriter, folderWriter, type ReportWriter } from './write/report-writer.js';

/** Options of {@link createHtmlReporter}: exactly one of both. */
export interface HtmlReporterOptions {
  /** Folder that gets `index.html` and its data. It is created; an older report in it is replaced. */
  readonly outputFolder?: string;
  /** File that gets all of it. Its folder is created. */
  readonly outputFile?: string;
}

/**
 * Writes the run as a page that opens from disk: no server, no network. Written at the end of the run; of a killed run
 * its blob can be merged into one. Its `end` throws ChaosError `REPORT` if the page cannot be written.
 */
export function createHtmlReporter(options: HtmlReporterOptions): Reporter {
  const { outputFolder, outputFile } = options;
  if ((outputFolder === undefined) === (outputFile === undefined))
    throw new TypeError('createHtmlReporter() needs either outputFolder or outputFile');
  const run = new RunRecord('all');
  const samples = new SampleSeries();
  const hosts = new Set<string>();
  const overloads: { startMs: number; endMs?: number; reason: string }[] = [];
  return {
    onEvent(event: RunEvent) {
      if (event.type === 'run-start') discardPage(options);
      run.apply(event);
      if (event.origin !== undefined) hosts.add(event.origin.host);
      if (event.type === 'sample') samples.add(event.sample);
      else if (event.type === 'overload-change') {
        const last = overloads.at(-1);
        if (event.verdict.overloaded) overloads.push({ startMs: event.timeMs, reason: event.verdict.reason });
        else if (last !== undefined) last.endMs ??= event.timeMs;
      }
    },
    async end() {
      const place = (outputFolder ?? outputFile) as string;
      const machine = machineHealth(run, samples, overloads);
      let writer: ReportWriter | undefined;
      try {
        writer = outputFolder === undefined ? fileWriter(place) : folderWriter(place);
        writeAll(writer, run, { samples, hosts, machine });
      } catch (cause) {
        writer?.discard();
        throw reportError(place, cause);
      } finally {
        run.close();
      }
    },
  };
}

interface Collected {
  readonly samples: SampleSeries;
  readonly hosts: ReadonlySet<string>;
  readonly machine: MachineHealth;
}

function writeAll(writer: ReportWriter, run: RunRecord, { samples, hosts, machine }: Collected): void {
  const chunks = new Chunks((name, base64) => writer.chunk(name, base64));
  const store = (name: string, contentType: string, data: Buffer): string | undefined =>
    writer.file(name, contentType, data);
  const attemptsOf = ({ attempts }: TestRecord): Attempt[] => attempts.map((attempt) => run.attempt(attempt));
  const tests = [...run.tests.values()].map((record) => {
    const attempts = attemptsOf(record);
    const chunk = chunks.add(record.test.id, testDetail(record, attempts, run, { samples, store }));
    return testRow(record, attempts, run, chunk);
  });
  chunks.flush();
  const index: ReportIndex = {
    schemaVersion: 1,
    run: runInfo(run, hosts),
    tests,
    errors: run.errors,
    machine,
    rates: rates(tests),
  };
  writer.finish(index);
}

function reportError(place: string, cause: unknown): ChaosError {
  const { code, message } = cause as NodeJS.ErrnoException;
  const error = new ChaosError('REPORT', `Cannot write the HTML report to ${place}: ${message}`, {
    cause,
    data: { place },
    hint:
      code === undefined
        ? 'Choose another place, option outputFolder of the reporter html, or empty it: the folder is replaced whole.'
        : 'Make room, or choose another place: option outputFolder of the reporter html.',
  });
  return error;
}
