import { printable, printableLine, printableOutput, type Reporter, type RunEvent } from '@chaos/spec';

// Whose lines are lines; all other text is on one.
const OF_SEVERAL_LINES = new Set(['message', 'stack', 'snippet', 'value', 'hint', 'text', 'purpose', 'description']);
// What is not shown to people, and may be long.
const UNSEEN = new Set(['body', 'stdout', 'stderr', 'config', 'sample']);

/**
 * A reporter for people hears text that may be printed: escape sequences, control characters and commands to a CI
 * system in titles, errors and names end here.
 */
export function hearPrintable(reporter: Reporter): Reporter {
  return {
    ...(reporter.printsToStdout !== undefined && { printsToStdout: reporter.printsToStdout }),
    onEvent: (event) => reporter.onEvent(printableEvent(event)),
    end: async () => reporter.end?.(),
  };
}

function printableEvent(event: RunEvent): RunEvent {
  if (event.type === 'test-output') return { ...event, text: printableOutput(event.text) };
  return cleaned(event, '') as RunEvent;
}

// What needs no change stays the same object: a run may have 50,000 tests.
function cleaned(value: unknown, key: string): unknown {
  if (typeof value === 'string') return OF_SEVERAL_LINES.has(key) ? printable(value) : printableLine(value);
  if (typeof value !== 'object' || value === null || UNSEEN.has(key)) return value;
  if (Array.isArray(value)) {
    const items = value.map((each) => cleaned(each, key));
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  let changed: Record<string, unknown> | undefined;
  for (const [name, each] of Object.entries(value)) {
    const clean = cleaned(each, name);
    if (clean !== each) (changed ??= { ...value })[name] = clean;
  }
  return changed ?? value;
}
