import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import type { History } from '../history.js';
import { detectFormat } from './detect-format.js';
import { ednReader } from './edn-reader.js';
import { etcdLogReader } from './etcd-log-reader.js';
import type { HistoryFormat, HistoryReader } from './history-reader.js';
import { jsonReader } from './json-reader.js';
import { ndjsonReader } from './ndjson-reader.js';

const READERS: Readonly<Record<HistoryFormat, (file: string) => HistoryReader>> = {
  ndjson: ndjsonReader,
  json: jsonReader,
  edn: ednReader,
  'etcd-log': etcdLogReader,
};

// Characters that tell a format; a pipe may bring them one by one.
const ENOUGH = 4096;

/** Options of {@link readHistory} and {@link parseHistory}. */
export interface ReadOptions {
  /** Default `auto`: by what the file begins with, then by its name. */
  readonly format?: HistoryFormat | 'auto';
  /** Name for errors. Default: the path, or `<history>` without one. */
  readonly name?: string;
  /** Ends the reading. */
  readonly signal?: AbortSignal;
}

/**
 * Reads a history: ours (NDJSON), Jepsen's, Elle's, Knossos' or Porcupine's (EDN, JSON, the etcd log). An operation
 * without an end is `info`; so a file that was being written when its process died is a history too. Throws
 * `ChaosError` `HISTORY_FORMAT` with file:line:column.
 *
 * @param source a path, or a stream such as `process.stdin`
 */
export async function readHistory(
  source: string | Readable,
  { format = 'auto', name = typeof source === 'string' ? source : '<history>', signal }: ReadOptions = {},
): Promise<History> {
  const stream = typeof source === 'string' ? createReadStream(source, { highWaterMark: 1 << 20 }) : source;
  stream.setEncoding('utf8');
  let reader: HistoryReader | undefined;
  let beginning = '';
  for await (const text of stream as AsyncIterable<string>) {
    signal?.throwIfAborted();
    if (reader !== undefined) reader.push(text);
    else {
      beginning += text;
      if (beginning.length >= ENOUGH) reader = begin(beginning, name, format);
    }
  }
  return (reader ?? begin(beginning, name, format)).end();
}

/** Reads a history from a text; else as {@link readHistory}. */
export function parseHistory(
  text: string,
  { format = 'auto', name = '<history>' }: Omit<ReadOptions, 'signal'> = {},
): History {
  return begin(text, name, format).end();
}

function begin(beginning: string, name: string, format: HistoryFormat | 'auto'): HistoryReader {
  const text = beginning.replace(/^\uFEFF/, '');
  const reader = READERS[format === 'auto' ? detectFormat(text, name) : format](name);
  reader.push(text);
  return reader;
}
