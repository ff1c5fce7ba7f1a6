import { statSync } from 'node:fs';
import { ChaosError, UsageError, type RunEvent, type TestCase } from '@chaos/spec';
import { BLOB_VERSION, type BlobHeader, type BlobLine } from './blob-format.js';
import { shapeProblem } from './line-shape.js';
import { readLines, type Line } from './read-lines.js';

type EventOf<T extends RunEvent['type']> = Extract<RunEvent, { readonly type: T }>;

/** Facts about a report that a merge needs before it replays it. */
export interface Blob {
  readonly file: string;
  readonly header: BlobHeader;
  readonly tests: TestCase[];
  start: EventOf<'run-start'> | undefined;
  end: EventOf<'run-end'> | undefined;
  /** The highest number plus one. */
  workers: number;
  slots: number;
}

const FRAME = /^\{"type":"(?:blob-tests|run-start|run-end|test-start|slot-state)"/;

/**
 * Reads the frame of a report: start, end and counts. Most lines are scanned and not parsed. `undefined` if the file is
 * none of our reports.
 */
export async function scanBlob(file: string): Promise<Blob | undefined> {
  assertFile(file);
  let blob: Blob | undefined;
  const intern = interner();
  for await (const lines of readLines(file)) {
    for (const line of lines) {
      if (blob === undefined) {
        const header = line.torn ? undefined : headerOf(line, file);
        if (header === undefined) return undefined;
        blob = { file, header, tests: [], start: undefined, end: undefined, workers: 0, slots: 0 };
      } else if (!line.torn) scanLine(blob, line, intern);
    }
  }
  return blob;
}

// A pipe without a writer, or a device, would be read for ever.
function assertFile(file: string): void {
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== false) return;
  throw new ChaosError('REPORT', `Cannot read ${file}: it is no file`, {
    hint: 'Give a record of .chaos/runs/, or a report of the blob reporter.',
  });
}

/**
 * Parses a line of a report and makes sure that its readers can rely on it.
 *
 * @throws ChaosError `REPORT` with the place of the line
 */
export function parseLine({ text, number }: Line, file: string): BlobLine {
  const damaged = (problem: string, cause?: unknown): ChaosError =>
    new ChaosError('REPORT', `Cannot read ${file}:${number}: ${problem}`, {
      cause,
      hint: 'The file was damaged on its way here, or is no report of ours: run that part again.',
    });
  let line: unknown;
  try {
    line = JSON.parse(text);
  } catch (cause) {
    throw damaged(`the line is no JSON: ${text.slice(0, 80)}`, cause);
  }
  const problem = shapeProblem(line);
  if (problem !== undefined) throw damaged(problem);
  return line as BlobLine;
}

function headerOf(line: Line, file: string): BlobHeader | undefined {
  if (!line.text.startsWith('{"type":"blob",')) return undefined;
  const version = /"version":(\d+)/.exec(line.text)?.[1];
  if (Number(version) > BLOB_VERSION)
    throw new UsageError(`Cannot read ${file}: its format is ${version}, known is ${BLOB_VERSION}`, {
      hint: 'Merge with the version that wrote it, or a newer one.',
    });
  return parseLine(line, file) as unknown as BlobHeader;
}

function scanLine(blob: Blob, read: Line, intern: (test: TestCase) => TestCase): void {
  if (!FRAME.test(read.text)) return;
  const line = parseLine(read, blob.file);
  if (line.type === 'run-start') blob.start = line;
  else if (line.type === 'run-end') blob.end = line;
  else if (line.type === 'slot-state') blob.slots = Math.max(blob.slots, line.slot + 1);
  else if (line.type === 'test-start') {
    blob.workers = Math.max(blob.workers, line.workerIndex + 1);
    blob.slots = Math.max(blob.slots, line.parallelIndex + 1);
  } else if (line.type === 'blob-tests') for (const test of line.tests) blob.tests.push(intern(test));
}

// Share these strings: 50,000 tests repeat the names of a few files.
function interner(): (test: TestCase) => TestCase {
  const known = new Map<string, string>();
  const lists = new Map<string, readonly string[]>();
  const text = (value: string): string => known.get(value) ?? (known.set(value, value), value);
  const list = (values: readonly string[]): readonly string[] => {
    const key = values.join('\n');
    return lists.get(key) ?? (lists.set(key, values), values);
  };
  return (test) => ({
    ...test,
    location: { ...test.location, file: text(test.location.file) },
    project: text(test.project),
    category: text(test.category),
    tags: list(test.tags),
    catches: list(test.catches),
    requires: list(test.requires),
    ...(test.needs && { needs: list(test.needs) }),
    locks: list(test.locks),
    titlePath: [...test.titlePath.slice(0, -1).map(text), test.title],
    expectedStatus: text(test.expectedStatus) as TestCase['expectedStatus'],
  });
}
