import type { History } from '../history.js';
import { eventLine, faultLine } from '../record/event-line.js';
import { historyEvents } from './history-events.js';

/** The lines of a history as NDJSON, each with its line feed. */
export function* formatNdjson(history: History): Generator<string, void> {
  let index = 0;
  for (const event of historyEvents(history)) {
    if ('name' in event) {
      yield faultLine(index++, event.kind, event.name, event.timeNs);
      continue;
    }
    yield eventLine(index++, event.kind === 'end' ? event.operation.type : 'invoke', event.operation, event.timeNs);
  }
}
