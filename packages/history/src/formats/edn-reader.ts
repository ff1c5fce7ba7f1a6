import { formatValue } from '../describe/format-value.js';
import { EdnParser } from './edn-parser.js';
import { EventCollector, type RawEvent } from './event-collector.js';
import type { HistoryReader } from './history-reader.js';

/**
 * Reads Jepsen's `history.edn`, and what Elle, Knossos and Porcupine read: event maps or records, one after the other
 * or in one vector.
 */
export function ednReader(file: string): HistoryReader {
  const pieces: string[] = [];
  return {
    push: (text) => void pieces.push(text),
    end() {
      const text = pieces.join('');
      const parser = new EdnParser(text, file);
      const collector = new EventCollector(file);
      let line = 1;
      let lineStart = 0;
      let lineEnd = text.indexOf('\n');
      for (const [offset, event] of parser.forms()) {
        for (; lineEnd >= 0 && lineEnd < offset; lineEnd = text.indexOf('\n', lineStart)) {
          line++;
          lineStart = lineEnd + 1;
        }
        if (typeof event !== 'object' || event === null || Array.isArray(event))
          parser.fail(offset, `an event must be a map, current is ${formatValue(event)}`);
        collector.add(event as RawEvent, { line, column: offset - lineStart + 1 }, (problem) =>
          parser.fail(offset, problem),
        );
      }
      return collector.history();
    },
  };
}
