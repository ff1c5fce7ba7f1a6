import { createHash, type Hash } from 'node:crypto';
import { appendFileSync, mkdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Message } from '../protocol/messages.js';

interface Arriving {
  readonly path: string;
  readonly hash: Hash;
  next: number;
}

/** Puts the files of one agent together, chunk by chunk, below a folder. */
export class FileReceiver {
  readonly #folder: string;
  readonly #arriving = new Map<string, Arriving>();
  readonly #whole = new Map<string, string>();
  #count = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Takes a chunk; a file with a gap, or with another checksum than that of its agent, is dropped. */
  take({ file, index, data, sha256 }: Extract<Message, { kind: 'chunk' }>): void {
    if (index === 0) this.#begin(file);
    const arriving = this.#arriving.get(file);
    if (arriving === undefined || arriving.next !== index) return this.#drop(file);
    const bytes = Buffer.from(data, 'base64');
    arriving.hash.update(bytes);
    arriving.next++;
    appendFileSync(arriving.path, bytes, { mode: 0o600 });
    if (sha256 === undefined) return;
    if (arriving.hash.digest('hex') !== sha256) return this.#drop(file);
    this.#arriving.delete(file);
    this.#whole.set(file, arriving.path);
  }

  /** Place of a file that has arrived whole. */
  placeOf(file: string): string | undefined {
    return this.#whole.get(file);
  }

  #begin(file: string): void {
    this.#drop(file);
    // The agent's path may not say where something is written here.
    const folder = join(this.#folder, String(this.#count++));
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const name = basename(file).replaceAll(/[^\w.-]/g, '_') || 'file';
    this.#arriving.set(file, { path: join(folder, name), hash: createHash('sha256'), next: 0 });
  }

  #drop(file: string): void {
    const arriving = this.#arriving.get(file);
    this.#arriving.delete(file);
    if (arriving) rmSync(arriving.path, { force: true });
  }
}
