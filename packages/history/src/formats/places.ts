import type { History } from '../history.js';
import type { Operation } from '../operation.js';
import { formatError, type Place } from './format-error.js';

/** File and position of each operation's value. */
export interface Places {
  readonly file: string;
  readonly lines: readonly number[];
  readonly columns: readonly number[];
}

const known = new WeakMap<History, Places>();

/** Remembers where a history was read, as long as there is the history. */
export function rememberPlaces(history: History, places: Places): void {
  known.set(history, places);
}

/**
 * The error of a checker, with file:line:column where the history was read from a file and the error is about one
 * operation: about the one that it has, or the first that is refused for itself alone. What is refused without any
 * operation is about the options.
 */
export function withPlace(error: unknown, history: History, check: (part: History) => unknown): unknown {
  const places = known.get(history);
  if (!(error instanceof TypeError) || places === undefined) return error;
  const isRefused = (operations: readonly Operation[]): boolean => {
    try {
      check({ operations, faults: [] });
      return false;
    } catch (refusal) {
      return refusal instanceof TypeError;
    }
  };
  const { operation } = error as { readonly operation?: Operation };
  const { operations } = history;
  const at =
    operation !== undefined
      ? operations.indexOf(operation)
      : isRefused([])
        ? -1
        : operations.findIndex((one) => isRefused([one]));
  if (at === -1) return error;
  const place: Place = { file: places.file, line: places.lines[at] as number, column: places.columns[at] as number };
  return formatError(place, error.message);
}
