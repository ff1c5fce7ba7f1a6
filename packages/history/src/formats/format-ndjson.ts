import { formatJson } from './exact-json.js';
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
    const type = event.kind === 'end' ? event.operation.type : 'invoke';
    // A history from a file can have larger numbers than what a recorder takes.
    yield eventLine(index++, type, event.operation, event.timeNs, (value) => formatJson(value) ?? 'null');
  }
}
