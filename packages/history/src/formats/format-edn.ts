import type { History } from '../history.js';
import { historyEvents } from './history-events.js';

const NAME = /^[A-Za-z*!_?][\w*!?.+-]*$/;

/** The lines of a history as Jepsen's EDN, each with its line feed. */
export function* formatEdn(history: History): Generator<string, void> {
  let index = 0;
  for (const event of historyEvents(history)) {
    if ('name' in event) {
      yield `{:type :info, :process :nemesis, :f :${event.kind}, :value ${JSON.stringify(event.name)}, :time ${event.timeNs}, :index ${index++}}\n`;
      continue;
    }
    const { process, f, type, value, error } = event.operation;
    const isEnd = event.kind === 'end';
    const why = isEnd && error !== undefined ? `, :error ${JSON.stringify(error)}` : '';
    yield `{:type :${isEnd ? type : 'invoke'}, :process ${process}, :f ${keyword(f)}, :value ${edn(value)}, :time ${event.timeNs}, :index ${index++}${why}}\n`;
  }
}

function edn(value: unknown): string {
  if (value === null || value === undefined) return 'nil';
  if (typeof value === 'number')
    return Number.isNaN(value) ? '##NaN' : Number.isFinite(value) ? String(value) : value > 0 ? '##Inf' : '##-Inf';
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return JSON.stringify(value);
  if (Array.isArray(value))
    return `[${value.map((element, position) => (position === 0 && isOperation(value) ? keyword(element as string) : edn(element))).join(' ')}]`;
  if (typeof value === 'object')
    return `{${Object.entries(value)
      .map(([key, element]) => `${isWholeNumber(key) ? key : keyword(key)} ${edn(element)}`)
      .join(', ')}}`;
  throw new TypeError(`Cannot write ${typeof value} as EDN`);
}

// The steps of a transaction are [:append 1 2], [:r 1 nil], [:w 1 2]: others read them by their keyword.
function isOperation(values: readonly unknown[]): boolean {
  return values.length === 3 && typeof values[0] === 'string' && NAME.test(values[0]);
}

// Accounts are numbers there; "007" is none.
function isWholeNumber(key: string): boolean {
  return Number.isSafeInteger(Number(key)) && String(Number(key)) === key;
}

function keyword(name: string): string {
  return NAME.test(name) ? `:${name}` : JSON.stringify(name);
}
