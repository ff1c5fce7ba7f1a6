/**
 * Breaks text between words into lines of at most `columns` characters. The first line begins with `first`, the others
 * with `indent`.
 */
export function wrap(text: string, columns: number = 80, indent: string = '', first: string = ''): string {
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  for (const word of text.split(/\s+/).filter((each) => each !== '')) {
    if (!isEmpty && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = indent;
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line].join('\n');
}
