import { closeSync, fstatSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { makeFolder } from '@chaos/spec';

/** Output of an attempt on one stream. */
export interface Printed {
  /** All output, or only its head and tail if it went to a file. */
  readonly chunks: readonly string[];
  /** Time at which each of them arrived, ms since the Unix epoch; absent if some are left out. */
  readonly timesMs?: readonly number[];
  readonly file?: string;
  /** Reason why the file is incomplete. */
  readonly failure?: Error;
}

const IN_MEMORY_BYTES = 1_048_576;
const EDGE_BYTES = 16_384;

/** Collects the output of an attempt on one stream: in memory, and above 1 MiB in a file, byte for byte. */
export class AttemptOutput {
  readonly #nameFile: () => string;
  readonly #texts: string[] = [];
  readonly #timesMs: number[] = [];
  #chunks: Buffer[] = [];
  #bytes = 0;
  #unfinished = '';
  #file: number | undefined;
  #failure: Error | undefined;

  /** `nameFile` names the temporary file: while a test prints, we may not know yet which test it is. */
  constructor(nameFile: () => string) {
    this.#nameFile = nameFile;
  }

  get isEmpty(): boolean {
    return this.#bytes === 0;
  }

  /** `text` is the decoded form of `bytes`. */
  add(bytes: Buffer, text: string): void {
    this.#bytes += bytes.length;
    if (this.#file !== undefined || this.#failure !== undefined) return this.#write(bytes);
    this.#chunks.push(bytes);
    if (text !== '') {
      this.#texts.push(text);
      this.#timesMs.push(Date.now());
    }
    if (this.#bytes > IN_MEMORY_BYTES) this.#spill();
  }

  /** Finishes the output and moves a file to its final place. */
  finish(path: string): Printed {
    if (this.#file === undefined)
      return { chunks: this.#texts, timesMs: this.#timesMs, ...(this.#failure && { failure: this.#failure }) };
    const head = this.#read(0, EDGE_BYTES);
    const tailAt = Math.max(EDGE_BYTES, fstatSync(this.#file).size - EDGE_BYTES);
    const tail = this.#read(tailAt, EDGE_BYTES);
    closeSync(this.#file);
    const file = this.#move(path);
    const gap = `\n… ${this.#bytes - 2 * EDGE_BYTES} of ${this.#bytes} bytes are left out here, see ${file}\n`;
    return { chunks: [head, gap, tail], file, ...(this.#failure && { failure: this.#failure }) };
  }

  #move(path: string): string {
    try {
      makeFolder(dirname(path), 0o700);
      renameSync(this.#unfinished, path);
      return path;
    } catch (error) {
      this.#failure ??= error as Error;
      return this.#unfinished;
    }
  }

  /** Deletes the output. */
  discard(): void {
    if (this.#file === undefined) return;
    closeSync(this.#file);
    rmSync(this.#unfinished, { force: true });
  }

  #spill(): void {
    this.#unfinished = this.#nameFile();
    try {
      makeFolder(dirname(this.#unfinished), 0o700);
      this.#file = openSync(this.#unfinished, 'w+', 0o600);
    } catch (error) {
      this.#failure = error as Error;
    }
    for (const chunk of this.#chunks) this.#write(chunk);
    this.#chunks = [];
  }

  // On a full disk the rest of the output is lost, and the report says so; the run continues.
  #write(bytes: Buffer): void {
    if (this.#file === undefined || this.#failure !== undefined) return;
    try {
      for (let written = 0; written < bytes.length;) written += writeSync(this.#file, bytes, written);
    } catch (error) {
      this.#failure = error as Error;
    }
  }

  // Returns whole characters only.
  #read(position: number, length: number): string {
    const buffer = Buffer.alloc(length);
    const bytes = buffer.subarray(0, readSync(this.#file as number, buffer, 0, length, position));
    const start =
      position === 0
        ? 0
        : Math.max(
            0,
            bytes.findIndex((byte) => (byte & 0xc0) !== 0x80),
          );
    return new StringDecoder('utf8').write(bytes.subarray(start));
  }
}
