import { plainText } from './plain-text.js';

const MOST_CHARACTERS = 80;

/** A value for people: as JSON, cut where it is long. */
export function formatValue(value: unknown): string {
  const text = plainText(
    typeof value === 'bigint'
      ? `${value}`
      : (JSON.stringify(value, (_, inner: unknown) => plain(inner)) ?? String(value)),
  );
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS - 1)}…` : text;
}

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return `${value}`;
  if (value instanceof Set) return [...value];
  if (value instanceof Map) return [...value];
  return value;
}
