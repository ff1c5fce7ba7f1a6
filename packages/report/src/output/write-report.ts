import { randomUUID } from 'node:crypto';
import {
  closeSync,
  createWriteStream,
  lstatSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { makeFolder } from '@chaos/spec';
import { isReaderGone, reportError } from './report-error.js';

/** Destination of a report: exactly one of both. */
export interface ReportTarget {
  /** Written to a temporary file and then renamed: a reader never sees half a report. Folders are created. */
  readonly outputFile?: string;
  /** The stream is not ended. */
  readonly stream?: Writable;
}

const CHUNK = 64 * 1024;

/** Throws TypeError unless exactly one destination is given. */
export function checkTarget(caller: string, { outputFile, stream }: ReportTarget): void {
  if ((outputFile === undefined) === (stream === undefined))
    throw new TypeError(
      `${caller}() needs either outputFile or stream: current value is ${outputFile === undefined ? 'neither' : 'both'}`,
    );
}

/**
 * Removes the report of an earlier run: should this one be killed, nobody takes the old result for its own. What is no
 * plain file (a pipe, a link) stays.
 */
export function discardReport({ outputFile }: ReportTarget): void {
  if (outputFile === undefined) return;
  try {
    if (lstatSync(outputFile, { throwIfNoEntry: false })?.isFile()) rmSync(outputFile);
  } catch {
    // Where it cannot be removed it cannot be written, either, and that is told at the end.
  }
}

/** Writes a report piece by piece. Throws ChaosError `REPORT`; a closed `stream` is no error. */
export async function writeReport(
  what: string,
  pieces: Iterable<string>,
  { outputFile, stream }: ReportTarget,
): Promise<void> {
  try {
    if (outputFile !== undefined) await writeFile(inChunks(pieces), outputFile);
    else await writeStream(inChunks(pieces), stream!);
  } catch (error) {
    if (outputFile !== undefined || !isReaderGone(error)) throw reportError(what, outputFile ?? 'its stream', error);
  }
}

function* inChunks(pieces: Iterable<string>): Generator<string> {
  let chunk = '';
  for (const piece of pieces) {
    chunk += piece;
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}

// Wait for each chunk before making the next, so that an error of the last one is seen, too.
async function writeStream(chunks: Iterable<string>, stream: Writable): Promise<void> {
  stream.on('error', () => {});
  for (const chunk of chunks)
    await new Promise<void>((resolve, reject) => stream.write(chunk, (error) => (error ? reject(error) : resolve())));
}

async function writeFile(chunks: Iterable<string>, outputFile: string): Promise<void> {
  makeFolder(dirname(outputFile), 0o700);
  // Keep symbolic links; write to /dev/stdout or a named pipe instead of replacing it.
  const file = existing(outputFile) ?? outputFile;
  const known = statSync(file, { throwIfNoEntry: false });
  if (known !== undefined && !known.isFile()) return pipeline(Readable.from(chunks), createWriteStream(file));
  const unfinished = `${file}.${randomUUID()}.tmp`;
  try {
    writeChunks(chunks, unfinished);
    renameSync(unfinished, file);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
}

function existing(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

// Write synchronously: streams are slower than the disk, and nothing else happens while reports are written.
function writeChunks(chunks: Iterable<string>, file: string): void {
  const fd = openSync(file, 'wx', 0o600);
  try {
    for (const chunk of chunks) writeFileSync(fd, chunk);
  } finally {
    closeSync(fd);
  }
}
