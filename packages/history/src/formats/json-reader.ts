import { formatValue } from '../describe/format-value.js';
import { EventCollector, type EventPlace, type RawEvent } from './event-collector.js';
import { formatError, placeOf } from './format-error.js';
import type { HistoryReader } from './history-reader.js';
import { jsonElements } from './json-elements.js';
import { MOST_JSON_DEPTH, tooDeepAt } from './json-depth.js';
import { jsonErrorOffset } from './json-error-offset.js';
import { repeatedKey } from './json-repeated-key.js';
import { parseJson } from './exact-json.js';

/** Reads one array of events, as elle-cli does. */
export function jsonReader(file: string): HistoryReader {
  const pieces: string[] = [];
  return {
    push: (text) => void pieces.push(text),
    end() {
      const text = pieces.join('');
      const deep = tooDeepAt(text);
      if (deep !== -1)
        throw formatError(
          placeOf(text, deep, file),
          `Cannot read the history: values nest deeper than ${MOST_JSON_DEPTH} levels here`,
        );
      let events: unknown;
      try {
        events = parseJson(text);
      } catch {
        throw formatError(placeOf(text, jsonErrorOffset(text), file), 'Cannot read the history: here it is no JSON');
      }
      const repeated = repeatedKey(text);
      if (repeated)
        throw formatError(
          placeOf(text, repeated.at, file),
          `Cannot read the history: an object has each key once, current is ${formatValue(repeated.key)} twice`,
        );
      if (!Array.isArray(events))
        throw formatError({ file, line: 1, column: 1 }, 'Cannot read the history: it is no array of events');
      const collector = new EventCollector(file);
      const places = jsonElements(text);
      for (const event of events as readonly unknown[]) {
        const place = places.next().value as EventPlace;
        const problem = (what: string): never => {
          throw formatError({ file, ...place }, what);
        };
        if (typeof event !== 'object' || event === null)
          problem(`Cannot read the event: current value is ${formatValue(event)}`);
        collector.add(event as RawEvent, place, problem);
      }
      return collector.history();
    },
  };
}
