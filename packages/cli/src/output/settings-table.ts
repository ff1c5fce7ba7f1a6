import { printableLine } from '@chaos/spec';

// Names and sources longer than this do not widen the column.
const MOST_VALUE = 40;
const INDENT = '    ';

/**
 * Settings in three columns that fit the terminal. A value too wide for the space between its name and its source is
 * printed below them, on its own lines.
 */
export function settingsTable(rows: readonly (readonly [string, string, string])[], columns: number): string {
  const shown = rows.map((row) => row.map(printableLine) as [string, string, string]);
  const nameWidth = Math.max(0, ...shown.map(([name]) => name.length));
  const short = ([, value, source]: readonly [string, string, string]): boolean =>
    value.length <= MOST_VALUE && nameWidth + Math.max(value.length, 1) + source.length + 4 <= columns;
  const valueWidth = Math.max(0, ...shown.filter(short).map(([, value]) => value.length));
  return shown
    .map((row) => {
      const [name, value, source] = row;
      const line = `${name.padEnd(nameWidth)}  ${value.padEnd(valueWidth)}  ${source}`;
      if (short(row) && line.length <= columns) return `${line}\n`;
      const width = Math.max(20, columns - INDENT.length);
      return `${name}  (${source})\n${pieces(value, width)
        .map((piece) => `${INDENT}${piece}\n`)
        .join('')}`;
    })
    .join('');
}

// Wrap after a comma if possible.
function pieces(text: string, width: number): string[] {
  const lines: string[] = [];
  let rest = text;
  while (rest.length > width) {
    const comma = rest.lastIndexOf(',', width - 1);
    const end = comma > width / 2 ? comma + 1 : width;
    lines.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return [...lines, rest];
}
