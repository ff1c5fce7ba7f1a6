import { formatValue } from '../describe/format-value.js';

const MOST_LISTED = 10;

/** Values for people: `3, 5, 8 and 12 more`. */
export function listValues(values: readonly unknown[]): string {
  const listed = values.slice(0, MOST_LISTED).map(formatValue).join(', ');
  return values.length > MOST_LISTED ? `${listed} and ${values.length - MOST_LISTED} more` : listed;
}

/** `1 element`, `2 elements`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
