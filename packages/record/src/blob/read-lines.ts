import { createReadStream } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';

/** A line of a file; `torn` if the file ends within the line. */
export interface Line {
  readonly text: string;
  readonly torn: boolean;
  /** Of the line in its file, from 1. */
  readonly number: number;
}

/** The lines of a file, a chunk of it at a time. */
export async function* readLines(file: string): AsyncGenerator<readonly Line[]> {
  const decoder = new StringDecoder('utf8');
  let parts: string[] = [];
  let number = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: 256 * 1024 })) {
    const [head = '', ...tail] = decoder.write(chunk as Buffer).split('\n');
    parts.push(head);
    if (tail.length === 0) continue;
    const lines = [parts.join(''), ...tail];
    parts = [lines.pop()!];
    yield lines.map((text) => ({ text, torn: false, number: (number += 1) }));
  }
  const rest = parts.join('') + decoder.end();
  if (rest !== '') yield [{ text: rest, torn: true, number: number + 1 }];
}
