import { plainText } from '../describe/plain-text.js';

const SHOWN = 8;

/** A key or an element as people write it. */
export function show(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (typeof value === 'string') return /^[\w.:/-]+$/.test(value) ? value : plainText(JSON.stringify(value));
  return typeof value === 'bigint' ? String(value) : plainText(JSON.stringify(value) ?? 'something');
}

/** A list; of a long one the end, which is where lists differ. */
export function showList(list: unknown): string {
  if (!Array.isArray(list)) return '[]';
  const shown =
    list.length <= SHOWN ? list.map(show) : [`… ${list.length - SHOWN} more`, ...list.slice(-SHOWN).map(show)];
  return `[${shown.join(', ')}]`;
}
