import type { History } from '../history.js';

/** The formats that are read. `json` is one array of the events that NDJSON has one a line. */
export type HistoryFormat = 'ndjson' | 'json' | 'edn' | 'etcd-log';

/** Reads a history piece by piece. */
export interface HistoryReader {
  /** The next piece of the text, of any length. */
  push(text: string): void;
  /** Returns the history. Throws `HISTORY_FORMAT` if the text ends in the middle of an event. */
  end(): History;
}
