import { createReadStream, createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { heldBack, redact, redactBinary } from '@chaos/spec';

/**
 * Copies a file for the report without the secrets that are marked. In text they are masked as everywhere; in binary
 * data (from the first NUL on) by as many asterisks, because such a file would not survive another length.
 */
export function copyWithoutSecrets(from: string, to: string): Promise<void> {
  return writeWithoutSecrets(createReadStream(from), to);
}

/** Writes bytes for the report, as {@link copyWithoutSecrets} does. */
export async function writeWithoutSecrets(bytes: AsyncIterable<Buffer>, to: string): Promise<void> {
  await pipeline(Readable.from(safe(bytes)), createWriteStream(to, { mode: 0o600 }));
}

async function* safe(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let isBinary = false;
  let held = '';
  for await (const chunk of bytes) {
    isBinary ||= chunk.includes(0);
    // latin1 keeps every byte, whatever the encoding.
    const all = held + chunk.toString('latin1');
    const end = all.length - heldBack(all);
    held = all.slice(end);
    yield masked(all.slice(0, end), isBinary);
  }
  yield masked(held, isBinary);
}

function masked(latin1: string, isBinary: boolean): Buffer {
  return Buffer.from(isBinary ? redactBinary(latin1) : redact(latin1), 'latin1');
}
