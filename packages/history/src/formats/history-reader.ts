import type { History } from '../history.js';

/** The formats that are read. `json` is one array of the events that NDJSON has one a line. */
export type HistoryFormat = 'ndjson' | 'json' | 'edn' | 'etcd-log';

/** Reads a history piece by piece. */
export interface HistoryReader {
  /** The next piece of the text, of any length. */
  push(text: string): void;
  /** What was read. Throws `HISTORY_FORMAT` where it ends in the middle of something. */
  end(): History;
}
