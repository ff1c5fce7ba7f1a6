import { extname } from 'node:path';
import { formatError } from './format-error.js';
import type { HistoryFormat } from './history-reader.js';

const BY_EXTENSION: Readonly<Record<string, HistoryFormat>> = {
  '.ndjson': 'ndjson',
  '.jsonl': 'ndjson',
  '.json': 'json',
  '.edn': 'edn',
};

/** Detects the format from the beginning of a file; if that does not tell, from its name. */
export function detectFormat(beginning: string, file: string): HistoryFormat {
  const text = beginning.replace(/^(?:\s*;[^\n]*\n)+/, '').trimStart();
  if (/^\{\s*(?:"|\}\s*$)/.test(text)) return 'ndjson';
  if (/^\[\s*\{\s*"/.test(text)) return 'json';
  if (/^[[(]?\s*(?:#[\w.]+\s*)?\{\s*[:#;]/.test(text)) return 'edn';
  if (/\bjepsen\.util\s+-\s+\S+\s+:(?:invoke|ok|fail|info)\s/.test(text)) return 'etcd-log';
  const format = BY_EXTENSION[extname(file)];
  if (format !== undefined) return format;
  throw formatError(
    { file, line: 1, column: 1 },
    text === '' ? 'Cannot read the history: the file is empty' : 'Cannot tell the format of the history',
    'Say which it is: --format ndjson, edn or etcd-log.',
  );
}
