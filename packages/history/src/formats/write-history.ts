import { createWriteStream } from 'node:fs';
import { extname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { History } from '../history.js';
import { formatEdn } from './format-edn.js';
import { formatNdjson } from './format-ndjson.js';

const PIECE = 64 * 1024;

/** Writes a history into a file: Jepsen's EDN where its name ends in `.edn` or `format` says so, else NDJSON. */
export async function writeHistory(
  file: string,
  history: History,
  {
    format = extname(file) === '.edn' ? 'edn' : 'ndjson',
    signal,
  }: { readonly format?: 'ndjson' | 'edn'; readonly signal?: AbortSignal } = {},
): Promise<void> {
  const lines = format === 'edn' ? formatEdn(history) : formatNdjson(history);
  await pipeline(Readable.from(pieces(lines)), createWriteStream(file), { signal: signal as AbortSignal });
}

function* pieces(lines: Iterable<string>): Generator<string, void> {
  let piece = '';
  for (const line of lines) {
    piece += line;
    if (piece.length < PIECE) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}
