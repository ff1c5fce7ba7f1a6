import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { Attempt, SerializedError } from '@chaos/spec';
import { attemptFolder } from '../output-folders.js';
import type { WorkerInit } from '../ipc/messages.js';
import { OutputReader } from './output-reader.js';

type Stream = 'stdout' | 'stderr';

/** Streams that a test has written to; each has a mark at the end of the output. */
export type Marks = Readonly<Record<Stream, boolean>>;

/** Receiver of a worker's output. */
export interface OutputEvents {
  text(stream: Stream, text: string): void;
  error(error: SerializedError): void;
}

/** Standard streams of a process. */
export type Streams = Readonly<Record<Stream, Readable>>;

const DRAIN_MS = 500;
// A mark comes right after what a test printed.
const MARK_MS = 10_000;

/** A worker's output, split by test. */
export class WorkerOutput {
  /** Output folder of the current project, which holds the folders of attempts. */
  outputDir: string;
  readonly #events: OutputEvents;
  readonly #stdout: OutputReader;
  readonly #stderr: OutputReader;
  readonly #workerIndex: number;
  #files = 0;

  constructor({ stdout, stderr }: Streams, { config, runId, workerIndex }: WorkerInit, events: OutputEvents) {
    this.outputDir = config.runner.outputDir;
    this.#events = events;
    this.#workerIndex = workerIndex;
    const nameFile = (): string => join(this.outputDir, `.output-${runId}-${workerIndex}-${++this.#files}`);
    this.#stdout = new OutputReader(stdout, (text) => events.text('stdout', text), nameFile);
    this.#stderr = new OutputReader(stderr, (text) => events.text('stderr', text), nameFile);
  }

  /**
   * Output may still be on its way when the process is gone, so wait; but not for ever, because a child may keep the
   * stream open.
   */
  async drained(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, DRAIN_MS)));
    await Promise.race([Promise.all([this.#stdout.ended, this.#stderr.ended]), late]);
    clearTimeout(timer);
  }

  /** The attempt with its output; large output becomes an attachment. */
  async addTo(attempt: Attempt, marks: Marks): Promise<Attempt> {
    const segments = await this.#segments(marks);
    if (!segments[0] && !segments[1]) return attempt;
    const folder = join(attemptFolder(this.outputDir, attempt.testId, attempt.retry), 'attachments');
    const [stdout, stderr] = segments.map((segment, index) =>
      segment?.finish(join(folder, index === 0 ? 'stdout.txt' : 'stderr.txt')),
    );
    const attachments = [...attempt.attachments];
    for (const [name, printed] of Object.entries({ stdout, stderr })) {
      if (printed?.file !== undefined) attachments.push({ name, contentType: 'text/plain', path: printed.file });
      if (printed?.failure)
        this.#events.error({
          message: `Cannot keep all that a test wrote to ${name}: ${printed.failure.message}`,
          hint: `Free some space in ${this.outputDir}, or choose another folder with --output.`,
        });
    }
    return {
      ...attempt,
      attachments,
      stdout: stdout?.chunks ?? [],
      stderr: stderr?.chunks ?? [],
      ...(stdout?.timesMs && { stdoutMs: stdout.timesMs }),
      ...(stderr?.timesMs && { stderrMs: stderr.timesMs }),
    };
  }

  /** Drops output that belongs to no test. */
  async skip(marks: Marks): Promise<void> {
    for (const segment of await this.#segments(marks)) segment?.discard();
  }

  /** Keeps no more output. */
  discard(): void {
    this.#stdout.discard();
    this.#stderr.discard();
  }

  #segments(marks: Marks): Promise<Awaited<ReturnType<OutputReader['segment']>>[]> {
    const late = (stream: Stream) => (): void =>
      this.#events.error({
        message: `Worker ${this.#workerIndex} has not said within ${MARK_MS} ms where the output of its test on ${stream} ends`,
        hint: `Something in the worker took ${stream} away: what the test printed may be told of another one.`,
      });
    return Promise.all([
      this.#stdout.segment(marks.stdout, MARK_MS, late('stdout')),
      this.#stderr.segment(marks.stderr, MARK_MS, late('stderr')),
    ]);
  }
}
