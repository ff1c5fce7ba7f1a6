import { deflateRawSync } from 'node:zlib';

/** Characters of JSON after which a piece is written. */
const CHUNK_CHARACTERS = 131_072;

/** Takes a finished piece: its name and its compressed JSON as base64. */
export type WriteChunk = (name: string, base64: string) => void;

/** Puts the details of tests into pieces: tests that follow each other share one, so that they compress well. */
export class Chunks {
  readonly #write: WriteChunk;
  #parts: string[] = [];
  #characters = 0;
  #number = 0;

  constructor(write: WriteChunk) {
    this.#write = write;
  }

  /** Adds the details of a test, and returns the name of its piece. */
  add(testId: string, detail: object): string {
    const name = `c${this.#number}`;
    const json = `${JSON.stringify(testId)}:${JSON.stringify(detail)}`;
    this.#parts.push(json);
    this.#characters += json.length;
    if (this.#characters > CHUNK_CHARACTERS) this.flush();
    return name;
  }

  /** Writes what has not been written. */
  flush(): void {
    if (this.#parts.length === 0) return;
    this.#write(`c${this.#number}`, packed(`{${this.#parts.join(',')}}`));
    this.#parts = [];
    this.#characters = 0;
    this.#number += 1;
  }
}

/** JSON, deflated, as base64: safe inside a script and inside HTML. */
export function packed(json: string): string {
  return deflateRawSync(json, { level: 6 }).toString('base64');
}
