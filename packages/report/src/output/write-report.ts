import { randomUUID } from 'node:crypto';
import {
  closeSync,
  constants,
  createWriteStream,
  lstatSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { Socket } from 'node:net';
import { dirname } from 'node:path';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
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
// Whoever reads a pipe may start later than the run, but not long after its end.
const PIPE_MS = 10_000;
const PIPE_PAUSE_MS = 50;

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
  if (known?.isFIFO() === true) return pipeline(Readable.from(chunks), await openPipe(file));
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

// Opening a pipe waits until somebody reads it. Done by a stream, that keeps a thread for ever where nobody does, and
// with it the end of this process.
async function openPipe(file: string): Promise<Writable> {
  for (let waitedMs = 0; ; waitedMs += PIPE_PAUSE_MS) {
    try {
      const fd = openSync(file, constants.O_WRONLY | constants.O_NONBLOCK);
      return new Socket({ fd, readable: false, writable: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENXIO') throw error;
      if (waitedMs >= PIPE_MS) throw new Error('it is a pipe that nobody reads', { cause: error });
      await sleep(PIPE_PAUSE_MS);
    }
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
