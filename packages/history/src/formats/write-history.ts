import { createWriteStream } from 'node:fs';
import { extname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { redact } from '@chaos/spec';
import type { History } from '../history.js';
import { formatEdn } from './format-edn.js';
import { formatNdjson } from './format-ndjson.js';

const PIECE = 64 * 1024;

/**
 * Writes a history into a file of this user alone (0600): Jepsen's EDN where its name ends in `.edn` or `format` says
 * so, else NDJSON. Secrets that this process knows of are `***` in it.
 */
export async function writeHistory(
  file: string,
  history: History,
  {
    format = extname(file) === '.edn' ? 'edn' : 'ndjson',
    signal,
  }: { readonly format?: 'ndjson' | 'edn'; readonly signal?: AbortSignal } = {},
): Promise<void> {
  const lines = format === 'edn' ? formatEdn(history) : formatNdjson(history);
  await pipeline(Readable.from(pieces(lines)), createWriteStream(file, { mode: 0o600 }), {
    signal: signal as AbortSignal,
  });
}

function* pieces(lines: Iterable<string>): Generator<string, void> {
  let piece = '';
  for (const line of lines) {
    piece += redact(line);
    if (piece.length < PIECE) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}
