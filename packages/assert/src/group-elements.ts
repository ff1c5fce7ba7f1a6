import { inspect } from 'node:util';

/** Elements of a list that differ in no more than their numbers. */
interface Kind {
  readonly title: string;
  readonly example: unknown;
  count: number;
  firstMs: number;
  lastMs: number;
}

const MOST_KINDS = 8;
const MOST_COLUMNS = 160;
const EXAMPLES = { depth: 2, breakLength: Infinity, maxArrayLength: 5, maxStringLength: 80 } as const;

/**
 * A list that ought to be empty, in at most 27 lines whatever its length: its elements by kind, the most frequent
 * first, each with its number, the times of the first and the last (elements with `startMs`, Unix milliseconds) and an
 * example. An error's kind is its name and message, an operation's its outcome and error; numbers make no difference.
 */
export function groupElements(elements: readonly unknown[]): string {
  const kinds = new Map<string, Kind>();
  for (const element of elements) {
    const title = titleOf(element);
    const key = title.replaceAll(/\d+(\.\d+)?/g, '#');
    const known = kinds.get(key) ?? { title, example: element, count: 0, firstMs: Infinity, lastMs: -Infinity };
    const atMs = startOf(element);
    known.count++;
    if (atMs !== undefined)
      [known.firstMs, known.lastMs] = [Math.min(known.firstMs, atMs), Math.max(known.lastMs, atMs)];
    kinds.set(key, known);
  }
  const sorted = [...kinds.values()].toSorted((a, b) => b.count - a.count);
  const rest = sorted.slice(MOST_KINDS);
  const left = rest.reduce((sum, { count }) => sum + count, 0);
  return [
    `${elements.length} elements of ${sorted.length === 1 ? '1 kind' : `${sorted.length} kinds`}, none expected:`,
    ...sorted.slice(0, MOST_KINDS).flatMap(linesOf),
    ...(rest.length > 0 ? [`  and ${left} elements of ${rest.length} more kinds`] : []),
  ].join('\n');
}

function linesOf({ title, example, count, firstMs, lastMs }: Kind): string[] {
  const times = firstMs === Infinity ? [] : [`      first at ${clock(firstMs)}, last at ${clock(lastMs)}`];
  const shown = example instanceof Error ? undefined : inspect(withoutError(example), EXAMPLES);
  return [
    cut(`  ${count} × ${title}`),
    ...times,
    ...(shown === undefined || shown === title ? [] : [cut(`      such as ${oneLine(shown)}`)]),
  ];
}

// The title tells the error; its stack would fill the line.
function withoutError(example: unknown): unknown {
  if (!((example as { readonly error?: unknown } | null | undefined)?.error instanceof Error)) return example;
  const { error: _, ...rest } = example as { readonly error: Error };
  return rest;
}

function titleOf(element: unknown): string {
  if (element instanceof Error) return oneLine(`${element.name}: ${element.message}`);
  if (typeof element !== 'object' || element === null) return oneLine(inspect(element, EXAMPLES));
  const { outcome, error, message } = element as Readonly<Record<string, unknown>>;
  const text = error instanceof Error ? error.message : typeof error === 'string' ? error : message;
  if (typeof outcome === 'string') return oneLine(typeof text === 'string' ? `${outcome}: ${text}` : outcome);
  return oneLine(typeof text === 'string' ? text : inspect(element, EXAMPLES));
}

function startOf(element: unknown): number | undefined {
  const { startMs } = (element ?? {}) as { readonly startMs?: unknown };
  return typeof startMs === 'number' && Math.abs(startMs) < 8.64e15 ? startMs : undefined;
}

const clock = (ms: number): string => new Date(ms).toISOString().slice(11, 23);
const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();
const cut = (line: string): string => (line.length > MOST_COLUMNS ? `${line.slice(0, MOST_COLUMNS - 1)}…` : line);
