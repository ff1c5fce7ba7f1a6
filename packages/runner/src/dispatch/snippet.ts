import { readFileSync } from 'node:fs';
import type { SerializedError } from '@chaos/spec';

const AROUND = 2;

/** Adds the source lines around an error's position; only for failures, and only in main. */
export function withSnippet(error: SerializedError): SerializedError {
  if (!error.location || error.snippet !== undefined) return error;
  const { file, line, column } = error.location;
  let lines: string[];
  try {
    lines = readFileSync(file, 'utf8').split('\n');
  } catch {
    return error;
  }
  const from = Math.max(1, line - AROUND);
  const to = Math.min(lines.length, line + AROUND);
  const width = String(to).length;
  const snippet: string[] = [];
  for (let number = from; number <= to; number++) {
    snippet.push(`${number === line ? '>' : ' '} ${String(number).padStart(width)} | ${lines[number - 1] ?? ''}`);
    if (number === line) snippet.push(`  ${' '.repeat(width)} | ${' '.repeat(Math.max(0, column - 1))}^`);
  }
  return { ...error, snippet: snippet.join('\n') };
}
