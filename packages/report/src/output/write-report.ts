import { createWriteStream } from 'node:fs';
import { mkdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isReaderGone, reportError } from './report-error.js';

/** Where a report goes: exactly one of both. */
export interface ReportTarget {
  /** Written beside it first and then renamed: a reader never sees half a report. Folders are made. */
  readonly outputFile?: string;
  /** It is not ended. */
  readonly stream?: Writable;
}

const CHUNK = 64 * 1024;

/** Throws TypeError unless exactly one place is given. */
export function checkTarget(caller: string, { outputFile, stream }: ReportTarget): void {
  if ((outputFile === undefined) === (stream === undefined)) throw new TypeError(`${caller}() needs either outputFile or stream: current value is ${outputFile === undefined ? 'neither' : 'both'}`);
}

/** Writes a report piece by piece. Throws ChaosError `REPORT`; a reader of `stream` that has left is no error. */
export async function writeReport(what: string, pieces: Iterable<string>, { outputFile, stream }: ReportTarget): Promise<void> {
  try {
    if (outputFile !== undefined) await writeFile(Readable.from(inChunks(pieces)), outputFile);
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

// Each chunk is with the system before the next is made: the error of the last one counts, too.
async function writeStream(chunks: Iterable<string>, stream: Writable): Promise<void> {
  stream.on('error', () => {});
  for (const chunk of chunks) await new Promise<void>((resolve, reject) => stream.write(chunk, (error) => (error ? reject(error) : resolve())));
}

async function writeFile(source: Readable, outputFile: string): Promise<void> {
  await mkdir(dirname(outputFile), { recursive: true });
  // A link stays one, and /dev/stdout or a named pipe is written to, never replaced.
  const file = await realpath(outputFile).catch(() => outputFile);
  const known = await stat(file).catch(() => undefined);
  if (known !== undefined && !known.isFile()) return pipeline(source, createWriteStream(file));
  const unfinished = `${file}.${process.pid}.tmp`;
  try {
    await pipeline(source, createWriteStream(unfinished));
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}
