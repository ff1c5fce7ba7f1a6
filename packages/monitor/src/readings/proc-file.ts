import { closeSync, openSync, readSync } from 'node:fs';

const DIGIT_0 = 48;
const DIGIT_9 = 57;

/** Bytes of the last read, to be parsed at once. One buffer for all files, so that sampling creates no garbage. */
export const buffer: Buffer = Buffer.allocUnsafeSlow(64 * 1024);

/**
 * A pseudo file that stays open: rereading takes one system call, and a reused pid can never make it show another
 * process.
 */
export class ProcFile {
  readonly #descriptor: number;

  /** Throws if the file does not exist. */
  constructor(path: string) {
    this.#descriptor = openSync(path, 'r');
  }

  /** Reads at most `limit` bytes into {@link buffer} and returns their number. Throws when the process is gone. */
  read(limit: number = buffer.length): number {
    return readSync(this.#descriptor, buffer, 0, limit, 0);
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

/** Opens, reads and closes the file; returns -1 if that fails. */
export function readOnce(path: string): number {
  try {
    const file = new ProcFile(path);
    try {
      return file.read();
    } finally {
      file.close();
    }
  } catch {
    return -1;
  }
}

/** Parses the unsigned number at or after `position` in {@link buffer}; `end` holds the position after it. */
export function numberAt(position: number, length: number, end?: { at: number }): number {
  let index = position;
  while (index < length && (buffer[index]! < DIGIT_0 || buffer[index]! > DIGIT_9)) index += 1;
  let value = 0;
  for (; index < length && buffer[index]! >= DIGIT_0 && buffer[index]! <= DIGIT_9; index += 1)
    value = value * 10 + buffer[index]! - DIGIT_0;
  if (end !== undefined) end.at = index;
  return value;
}

/** The number that follows `label` in {@link buffer}, or undefined. */
export function numberAfter(label: string, length: number): number | undefined {
  const index = buffer.indexOf(label, 0, 'latin1');
  return index < 0 || index >= length ? undefined : numberAt(index + label.length, length);
}
