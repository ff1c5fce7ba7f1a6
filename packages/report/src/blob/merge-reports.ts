import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { UsageError, type Reporter, type RunEvent, type RunStatus, type TestCase } from '@chaos/spec';
import {
  EventBus,
  mergeEnds,
  mergeStarts,
  missingParts,
  patchEvent,
  readEvents,
  relocation,
  scanBlob,
  type Blob,
  type Patch,
} from '@chaos/record';

/** Options of {@link mergeReports}. */
export interface MergeReportsOptions {
  /** Folder with the blob reports, which may be in subfolders. */
  readonly directory: string;
  readonly reporters: readonly Reporter[];
  /** Current folder of the tests. Default: their folder in the first report. */
  readonly rootDir?: string;
}

/** Result of a merge. */
export interface MergeReportsResult {
  /** The worst of all reports; `failed` when something is missing. */
  readonly status: RunStatus;
  readonly reports: number;
  readonly tests: number;
  /** Tests that occur in several reports: each is kept, the later ones under their own ids. */
  readonly duplicates: number;
  /** Missing parts; reporters got the same messages. */
  readonly problems: readonly string[];
  /** Errors thrown by reporters; the other reporters continued. */
  readonly errors: readonly unknown[];
}

/**
 * Replays the runs of several blob reports (shards, machines) as one run. Each file is read twice, a chunk at a time,
 * so memory grows with the number of tests and not with their output.
 *
 * @throws UsageError where there is no report, or one of a newer format
 */
export async function mergeReports({
  directory,
  reporters,
  rootDir,
}: MergeReportsOptions): Promise<MergeReportsResult> {
  const blobs = await findBlobs(directory);
  const root = rootDir ?? blobs.find(({ start }) => start !== undefined)?.header.rootDir ?? blobs[0]!.header.rootDir;
  const all = new EventBus(reporters);
  const patches = patchesOf(blobs, root);
  const start = mergeStarts(blobs, root);
  const tests = patches.flatMap((patch) => testsOf(patch));
  const duplicates = patches.reduce((sum, { ids }) => sum + ids.size, 0);
  const problems = missingParts(blobs);
  if (start !== undefined) all.emit({ ...start, type: 'run-start', tests });
  if (duplicates > 0)
    all.emit({ type: 'diagnostic', text: `${duplicates} tests are in more than one report; each is kept` });
  for (const blob of blobs) blob.tests.length = 0;
  for (const patch of patches) await replay(patch, (event) => all.emit(event));
  for (const error of problems) all.emit({ type: 'run-error', error });
  const end = mergeEnds(blobs, start?.startMs ?? 0, problems.length > 0);
  all.emit(end);
  await all.end();
  return {
    status: end.status,
    reports: blobs.length,
    tests: tests.length,
    duplicates,
    problems: problems.map(({ message = '' }) => message),
    errors: all.errors,
  };
}

async function findBlobs(directory: string): Promise<Blob[]> {
  const names = await filesBelow(resolve(directory)).catch((cause: unknown) => {
    if (cause instanceof UsageError) throw cause;
    throw new UsageError(`Cannot merge reports: cannot read the folder ${resolve(directory)}`, {
      cause,
      hint: 'Name the folder with the blob reports: chaos merge-reports <folder>',
    });
  });
  const blobs: Blob[] = [];
  for (const name of names.toSorted()) {
    const blob = await scanBlob(name);
    if (blob !== undefined) blobs.push(blob);
  }
  if (blobs.length === 0)
    throw new UsageError(`Cannot merge reports: there is no blob report in ${resolve(directory)}`, {
      hint: 'Run the tests with --reporter blob first.',
    });
  const order = ({ header, file }: Blob): string =>
    [header.name ?? '', String(header.shard?.current ?? 0).padStart(6, '0'), file].join('\n');
  return blobs.toSorted((a, b) => (order(a) < order(b) ? -1 : 1));
}

// Symbolic links are not followed: in an unpacked artifact they may lead outside, or into a cycle.
async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const found = await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return entry.name.endsWith('.resources') ? [] : filesBelow(path);
      if (!entry.name.endsWith('.jsonl')) return [];
      if (entry.isFile()) return [path];
      throw new UsageError(`Cannot merge reports: ${path} is no file${entry.isSymbolicLink() ? ', but a link' : ''}`, {
        hint: 'Copy the report there: links are not followed, since a report of others may point anywhere.',
      });
    }),
  );
  return found.flat();
}

function patchesOf(blobs: readonly Blob[], rootDir: string): Patch[] {
  const taken = new Set<string>();
  let workerOffset = 0;
  let slotOffset = 0;
  return blobs.map((blob, index) => {
    const ids = new Map<string, string>();
    for (const { id } of blob.tests) {
      if (!taken.has(id)) continue;
      let own = `${id}-${blob.header.name ?? index + 1}`;
      while (taken.has(own)) own += `-${index + 1}`;
      ids.set(id, own);
    }
    for (const { id } of blob.tests) taken.add(ids.get(id) ?? id);
    const patch: Patch = { blob, ids, workerOffset, slotOffset, relocate: relocation(blob.header, rootDir) };
    workerOffset += blob.workers;
    slotOffset += blob.slots;
    return patch;
  });
}

function testsOf({ blob, ids, relocate }: Patch): readonly TestCase[] {
  const { name } = blob.header;
  return blob.tests.map((original) => {
    const test = relocate === undefined ? original : relocate(original);
    const id = ids.get(test.id);
    if (id === undefined && name === undefined) return test;
    return {
      ...test,
      id: id ?? test.id,
      tags: name === undefined ? test.tags : [...new Set([...test.tags, `@${name}`])],
    };
  });
}

async function replay(patch: Patch, emit: (event: RunEvent) => void): Promise<void> {
  for await (const original of readEvents(patch.blob)) {
    const event = patchEvent(original, patch);
    if (event !== undefined) emit(event);
  }
}
