import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import type { Attempt } from '@chaos/spec';

/** An attempt in memory, or its position in the file. */
export type StoredAttempt = Attempt | { readonly offset: number; readonly length: number };

const MEMORY_BUDGET = 4 * 1024 * 1024;
const ATTEMPT_BYTES = 1500;

/** Attempts with all their details: in memory while they are few, later in a nameless temporary file. */
export class AttemptStore {
  readonly #budget: number;
  #bytes = 0;
  #file: number | undefined;
  #length = 0;

  constructor(budgetBytes: number = MEMORY_BUDGET) {
    this.#budget = budgetBytes;
  }

  put(attempt: Attempt): StoredAttempt {
    if (this.#file === undefined && (this.#bytes += sizeOf(attempt)) <= this.#budget) return attempt;
    this.#file ??= openNameless();
    const data = Buffer.from(JSON.stringify(attempt));
    const offset = this.#length;
    for (let written = 0; written < data.length;)
      written += writeSync(this.#file, data, written, data.length - written, offset + written);
    this.#length += data.length;
    return { offset, length: data.length };
  }

  get(stored: StoredAttempt): Attempt {
    if (!('offset' in stored)) return stored;
    const data = Buffer.allocUnsafe(stored.length);
    for (let read = 0; read < data.length;) {
      const count = readSync(this.#file!, data, read, data.length - read, stored.offset + read);
      if (count === 0)
        throw new Error(`Cannot read back an attempt: its temporary file ends at ${stored.offset + read}`);
      read += count;
    }
    return JSON.parse(data.toString()) as Attempt;
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}

// The file has no name, so nothing is left of it, however this process ends.
function openNameless(): number {
  const path = join(tmpdir(), `chaos-report-${randomUUID()}`);
  const file = openSync(path, 'wx+', 0o600);
  rmSync(path, { force: true });
  return file;
}

function sizeOf({ stdout, stderr, errors, attachments, steps }: Attempt): number {
  let size = ATTEMPT_BYTES + steps.length * 200;
  for (const text of stdout) size += text.length;
  for (const text of stderr) size += text.length;
  for (const { stack, message, snippet } of errors)
    size += (stack?.length ?? 0) + (message?.length ?? 0) + (snippet?.length ?? 0);
  for (const { body } of attachments) size += body?.length ?? 0;
  return size;
}
