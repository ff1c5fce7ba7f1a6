import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Reporter, RunEvent } from '@chaos/spec';
import { jsonReport } from './json-report.js';
import { RunRecord } from './run-record.js';

/** Options of {@link createJsonReporter}: exactly one of `outputFile` and `stream`. */
export interface JsonReporterOptions {
  /** Written beside it first and then renamed: a reader never sees half a report. Folders are made. */
  readonly outputFile?: string;
  /** It is not ended. */
  readonly stream?: Writable;
  /** Told in `config.configFile`. */
  readonly configFile?: string;
}

/** Playwright's JSON report; ours only under `chaos` keys. It is written by `end()`. */
export function createJsonReporter({ outputFile, stream, configFile }: JsonReporterOptions): Reporter {
  if ((outputFile === undefined) === (stream === undefined)) {
    throw new TypeError(`createJsonReporter() needs either outputFile or stream: current value is ${outputFile === undefined ? 'neither' : 'both'}`);
  }
  const run = new RunRecord();
  return {
    printsToStdout: stream === process.stdout,
    onEvent: (event: RunEvent) => run.apply(event),
    async end() {
      const pieces = Readable.from(jsonReport(run, configFile));
      if (stream !== undefined) await pipeline(pieces, stream, { end: false });
      else await writeAtomically(pieces, outputFile!);
    },
  };
}

async function writeAtomically(pieces: Readable, file: string): Promise<void> {
  const unfinished = `${file}.${process.pid}.tmp`;
  await mkdir(dirname(file), { recursive: true });
  try {
    await pipeline(pieces, createWriteStream(unfinished));
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}
