import { EventCollector, type RawEvent } from './event-collector.js';
import { formatError } from './format-error.js';
import type { HistoryReader } from './history-reader.js';
import { MOST_JSON_DEPTH, tooDeepAt } from './json-depth.js';
import { formatValue } from '../describe/format-value.js';
import { jsonErrorOffset } from './json-error-offset.js';
import { repeatedKey } from './json-repeated-key.js';
import { LineSplitter } from './line-splitter.js';
import { parseJson } from './exact-json.js';

/** Reads one event a line: `{"index":0,"type":"invoke","process":0,"f":"read","value":null,"time":1200}`. */
export function ndjsonReader(file: string): HistoryReader {
  const collector = new EventCollector(file);
  const lines = new LineSplitter((line, number, whole) => {
    const deep = tooDeepAt(line);
    if (deep !== -1)
      throw formatError(
        { file, line: number, column: deep + 1 },
        `Cannot read the event: values nest deeper than ${MOST_JSON_DEPTH} levels here`,
      );
    let event: unknown;
    try {
      event = parseJson(line);
    } catch {
      if (line.trim() === '') return;
      // The process that wrote it was killed in the middle of the line.
      if (!whole) return;
      throw formatError(
        { file, line: number, column: jsonErrorOffset(line) + 1 },
        `Cannot read the event: ${show(line)} is no JSON`,
      );
    }
    if (typeof event !== 'object' || event === null || Array.isArray(event))
      throw formatError({ file, line: number, column: 1 }, `Cannot read the event: ${show(line)} is no object`);
    const repeated = repeatedKey(line);
    if (repeated)
      throw formatError(
        { file, line: number, column: repeated.at + 1 },
        `Cannot read the event: an object has each key once, current is ${formatValue(repeated.key)} twice`,
      );
    // The first line that our recorder writes.
    if ('history' in event && !('type' in event)) return;
    collector.add(event as RawEvent, { line: number, column: 1 }, (text) => {
      throw formatError({ file, line: number, column: 1 }, text);
    });
  });
  return {
    push: (text) => lines.push(text),
    end: () => {
      lines.end();
      return collector.history();
    },
  };
}

function show(line: string): string {
  return line.length > 60 ? `${line.slice(0, 57)}...` : line;
}
