import { mapMembers, printable, printableLine, printableOutput, type Reporter, type RunEvent } from '@chaos/spec';

// Keys of texts that keep their line breaks; all other texts are printed on one line.
const OF_SEVERAL_LINES = new Set(['message', 'stack', 'snippet', 'value', 'hint', 'text', 'purpose', 'description']);
// Keys that people are not shown, and whose values may be long.
const UNSEEN = new Set(['body', 'stdout', 'stderr', 'config', 'sample']);

/**
 * Makes texts printable for a reporter that people read: removes escape sequences, control characters and CI commands
 * from titles, errors and names.
 */
export function hearPrintable(reporter: Reporter): Reporter {
  return {
    ...(reporter.printsToStdout !== undefined && { printsToStdout: reporter.printsToStdout }),
    ...(reporter.everyStep !== undefined && { everyStep: reporter.everyStep }),
    onEvent: (event) => reporter.onEvent(printableEvent(event)),
    end: async () => reporter.end?.(),
  };
}

function printableEvent(event: RunEvent): RunEvent {
  if (event.type === 'test-output') return { ...event, text: printableOutput(event.text) };
  return cleaned(event, '') as RunEvent;
}

// Returns the same object if nothing changed: a run may have 50,000 tests.
function cleaned(value: unknown, key: string): unknown {
  if (typeof value === 'string') return OF_SEVERAL_LINES.has(key) ? printable(value) : printableLine(value);
  if (typeof value !== 'object' || value === null || UNSEEN.has(key)) return value;
  return mapMembers(value, key, cleaned);
}
