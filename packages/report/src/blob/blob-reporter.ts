import { createHash } from 'node:crypto';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { extname, join, resolve, sep } from 'node:path';
import { makeFolder, type Attempt, type Reporter, type RunEvent, type TestCase } from '@chaos/spec';
import { reportError } from '../output/report-error.js';
import { BLOB_VERSION, type BlobHeader, type BlobLine } from '@chaos/record';

/** Options of {@link createBlobReporter}. */
export interface BlobReporterOptions {
  /** Folder of the report; it is created. */
  readonly directory: string;
  /**
   * Name of the machine or job, if the same tests run on several: it becomes a tag of every test when reports are
   * merged.
   */
  readonly name?: string;
  /** Number of this shard, 1-based, and of all shards: a merge reports missing ones. */
  readonly shard?: { readonly current: number; readonly total: number };
  /** Name of the file, `.jsonl`. Default: `report`, name, shard and a hash of the command line. */
  readonly fileName?: string;
}

const TESTS_PER_LINE = 100;

/**
 * A report to be merged with others by {@link mergeReports}: one line per event, written at once, so that a killed run
 * leaves everything it saw; attachments are copied beside it.
 *
 * @throws ChaosError `REPORT`, also from `onEvent`, where it cannot be written
 */
export function createBlobReporter(options: BlobReporterOptions): Reporter {
  return new BlobReporter(options);
}

class BlobReporter implements Reporter {
  // Whoever merges it may want them.
  readonly everyStep = true;
  readonly #options: BlobReporterOptions;
  readonly #early: BlobLine[] = [];
  #file: { readonly descriptor: number; readonly path: string } | undefined;
  #copies: Promise<void> = Promise.resolve();
  #copied = 0;

  constructor(options: BlobReporterOptions) {
    this.#options = options;
  }

  onEvent(event: RunEvent): void {
    if (event.type === 'run-start') this.#begin(event);
    else if (event.type === 'test-end') this.#write({ ...event, attempt: this.#withCopies(event.attempt) });
    else if (event.type !== 'diagnostic') this.#write(event);
  }

  async end(): Promise<void> {
    // A run that failed before its start still has errors to report.
    if (this.#file === undefined) this.#open({ runId: '', rootDir: process.cwd() }, []);
    await this.#copies.catch((error: unknown) => {
      throw reportError('blob report', this.#resources(), error);
    });
    closeSync(this.#file!.descriptor);
  }

  #begin({ tests, ...event }: Extract<RunEvent, { type: 'run-start' }>): void {
    this.#open({ runId: event.runId, rootDir: event.config.rootDir }, event.argv);
    this.#write({ ...event, tests: [] });
    for (let from = 0; from < tests.length; from += TESTS_PER_LINE)
      this.#write({ type: 'blob-tests', tests: tests.slice(from, from + TESTS_PER_LINE) as readonly TestCase[] });
  }

  #open(run: Pick<BlobHeader, 'runId' | 'rootDir'>, argv: readonly string[]): void {
    const { directory, name, shard } = this.#options;
    const path = resolve(directory, this.#options.fileName ?? defaultName(this.#options, argv));
    try {
      makeFolder(directory, 0o700);
      this.#file = { path, descriptor: openSync(path, 'w', 0o600) };
      rmSync(this.#resources(), { recursive: true, force: true });
    } catch (error) {
      throw reportError('blob report', path, error);
    }
    const header: BlobHeader = {
      type: 'blob',
      version: BLOB_VERSION,
      ...run,
      pathSeparator: sep,
      ...(name !== undefined && { name }),
      ...(shard !== undefined && { shard }),
    };
    this.#append(header);
    for (const line of this.#early.splice(0)) this.#append(line);
  }

  #write(line: BlobLine): void {
    if (this.#file === undefined) this.#early.push(line);
    else this.#append(line);
  }

  #append(line: BlobHeader | BlobLine): void {
    const { descriptor, path } = this.#file!;
    const { type, ...rest } = line;
    const data = Buffer.from(`${JSON.stringify({ type, ...rest })}\n`);
    try {
      for (let written = 0; written < data.length;) written += writeSync(descriptor, data, written);
    } catch (error) {
      throw reportError('blob report', path, error);
    }
  }

  #resources(): string {
    return `${this.#file!.path.replace(/\.jsonl$/, '')}.resources`;
  }

  #withCopies(attempt: Attempt): Attempt {
    if (this.#file === undefined || !attempt.attachments.some(({ path }) => path !== undefined)) return attempt;
    const folder = this.#resources();
    const attachments = attempt.attachments.map((attachment) => {
      if (attachment.path === undefined) return attachment;
      const file = `${createHash('sha1')
        .update(`${(this.#copied += 1)} ${attachment.path}`)
        .digest('hex')}${extname(attachment.path)}`;
      this.#copies = this.#copies.then(() => copy(attachment.path!, folder, file));
      return { ...attachment, path: file };
    });
    this.#copies.catch(() => {});
    return { ...attempt, attachments };
  }
}

async function copy(from: string, folder: string, file: string): Promise<void> {
  makeFolder(folder, 0o700);
  await copyFile(from, join(folder, file)).catch((error: NodeJS.ErrnoException) => {
    // A test may have removed its attachment; then there is nothing to copy.
    if (error.code !== 'ENOENT' && error.code !== 'EISDIR') throw error;
  });
}

function defaultName({ name, shard }: BlobReporterOptions, argv: readonly string[]): string {
  const hash = argv.length === 0 ? undefined : createHash('sha1').update(argv.join('\n')).digest('hex').slice(0, 7);
  const place =
    shard === undefined
      ? undefined
      : `${String(shard.current).padStart(String(shard.total).length, '0')}-of-${shard.total}`;
  return `${['report', name?.replaceAll(/[^\w.-]+/g, '_'), place, hash].filter((part) => part !== undefined).join('-')}.jsonl`;
}
