import { EventCollector, type RawEvent } from './event-collector.js';
import { formatError, placeOf } from './format-error.js';
import type { HistoryReader } from './history-reader.js';
import { jsonErrorOffset } from './json-error-offset.js';

/** Reads one array of events, as elle-cli does. */
export function jsonReader(file: string): HistoryReader {
  const pieces: string[] = [];
  return {
    push: (text) => void pieces.push(text),
    end() {
      const text = pieces.join('');
      let events: unknown;
      try {
        events = JSON.parse(text);
      } catch {
        throw formatError(placeOf(text, jsonErrorOffset(text), file), 'Cannot read the history: here it is no JSON');
      }
      if (!Array.isArray(events)) throw formatError({ file, line: 1, column: 1 }, 'Cannot read the history: it is no array of events');
      const collector = new EventCollector();
      events.forEach((event: unknown, index) => {
        const problem = (what: string): never => {
          throw formatError({ file, line: 1, column: 1 }, `event ${index}: ${what}`);
        };
        if (typeof event !== 'object' || event === null) problem(`Cannot read the event: current value is ${JSON.stringify(event)}`);
        collector.add(event as RawEvent, index, problem);
      });
      return collector.history();
    },
  };
}
