const CHARACTER_PX = 6.8;

/** Lines of words that fit a width. */
export function wrapText(text: string, widthPx: number): string[] {
  const most = Math.floor((widthPx - 40) / CHARACTER_PX);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > most) {
      lines.push(line);
      line = '';
    }
    line += line === '' ? word : ` ${word}`;
  }
  return [...lines, line];
}
