import { ChaosError } from '@chaos/spec';

/** A place in a text: lines and columns count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** The error of a history that cannot be read. Code `HISTORY_FORMAT`. */
export function formatError({ file, line, column }: Place, problem: string, hint?: string): ChaosError {
  return new ChaosError('HISTORY_FORMAT', `${file}:${line}:${column}: ${problem}`, {
    data: { file, line, column },
    ...(hint !== undefined && { hint }),
  });
}

/** Position in the text of the character at `offset`. */
export function placeOf(text: string, offset: number, file: string, firstLine = 1): Place {
  let line = firstLine;
  let start = 0;
  for (let end = text.indexOf('\n'); end >= 0 && end < offset; end = text.indexOf('\n', start)) {
    line++;
    start = end + 1;
  }
  return { file, line, column: offset - start + 1 };
}
