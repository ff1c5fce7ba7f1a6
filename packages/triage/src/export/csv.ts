/** A value of a cell. */
export type Cell = string | number | boolean | undefined;

/**
 * Rows as CSV (RFC 4180). Text that a spreadsheet would take for a formula (`=`, `+`, `-`, `@`, also behind a tab or a
 * line end) gets an apostrophe in front, so that it stays text.
 */
export function toCsv(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [header, ...rows].map((row) => `${row.map(cellOf).join(',')}\r\n`).join('');
}

/** A text that no spreadsheet takes for a formula. */
export function neverFormula(text: string): string {
  return /^[\s]*[=+\-@]|^[\t\r\n]/.test(text) ? `'${text}` : text;
}

function cellOf(cell: Cell): string {
  if (cell === undefined) return '';
  if (typeof cell !== 'string') return String(cell);
  const text = neverFormula(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
