import { closeSync, constants, existsSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { openPrivateFile, privateFolder } from '@chaos/env/private';
import { BLOB_VERSION } from '@chaos/record';
import type { Reporter, ResolvedConfig, RunEvent } from '@chaos/spec';
import { recordLine, type PlaceLine } from '@chaos/triage';
import { historyFolder, historyHint, recordName, trimHistory } from './history-folder.js';
import { runPlace } from './run-place.js';
import { clearUnrecorded } from './unrecorded.js';

type RunStart = Extract<RunEvent, { readonly type: 'run-start' }>;

const { O_CREAT, O_EXCL, O_WRONLY } = constants;
const TESTS_PER_LINE = 100;

/**
 * Writes the record of a run into the history of its project, line by line, so that a killed run leaves what it saw.
 * The history is not the result of the run: where it cannot be written, `onLost` is told once and the run goes on.
 */
export function createHistoryReporter(
  { rootDir, runner: { history } }: Pick<ResolvedConfig, 'rootDir' | 'runner'>,
  onLost: (why: string) => void,
): Reporter {
  let file: number | undefined;
  let lost = false;
  const early: RunEvent[] = [];
  const attempt = (write: () => void): void => {
    if (lost) return;
    try {
      write();
    } catch (error) {
      lost = true;
      onLost(error instanceof Error ? error.message : String(error));
    }
  };
  // Together after each turn of the event loop: a system call for each line would be felt in a run of many tests.
  let pending = '';
  const append = (line: object): void => {
    if (pending === '') setImmediate(() => attempt(flush));
    pending += `${JSON.stringify(line)}\n`;
  };
  const flush = (): void => {
    const text = pending;
    pending = '';
    if (text !== '' && file !== undefined) writeWhole(file, text);
  };
  const begin = (start: RunStart): void => {
    file = openRecord(rootDir, start);
    const place: PlaceLine = { type: 'run-place', ...runPlace(rootDir) };
    const header = { type: 'blob', version: BLOB_VERSION, runId: start.runId, rootDir, pathSeparator: sep };
    for (const line of [header, recordLine(start)!, place]) append(line);
    for (let from = 0; from < start.tests.length; from += TESTS_PER_LINE)
      append({ type: 'blob-tests', tests: start.tests.slice(from, from + TESTS_PER_LINE) });
    clearUnrecorded(rootDir);
    for (const event of early) append(recordLine(event)!);
  };
  return {
    onEvent(event) {
      attempt(() => {
        if (event.type === 'run-start') return begin(event);
        if (file === undefined) return void (recordLine(event) && early.push(event));
        const line = recordLine(event);
        if (line) append(line);
      });
    },
    async end() {
      if (file === undefined) return;
      attempt(flush);
      closeSync(file);
      file = undefined;
      attempt(() => trimHistory(rootDir, history));
    },
  };
}

function openRecord(rootDir: string, { startMs, runId }: RunStart): number {
  const folder = historyFolder(rootDir);
  const above = privateFolder(dirname(folder), historyHint(dirname(folder)));
  // The history is of this machine: it does not belong into the repository.
  const ignore = join(above, '.gitignore');
  if (!existsSync(ignore)) writeFileSync(ignore, '*\n', { flag: 'wx', mode: 0o600 });
  return openPrivateFile(
    join(privateFolder(folder, historyHint(folder)), recordName(startMs, runId)),
    O_CREAT | O_EXCL | O_WRONLY,
  );
}

function writeWhole(file: number, text: string): void {
  const data = Buffer.from(text);
  for (let written = 0; written < data.length;) written += writeSync(file, data, written);
}
