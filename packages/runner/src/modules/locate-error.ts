import type { SerializedError } from '@chaos/spec';
import { frameOf } from '../data/frame-of.js';
import { serializeError } from '../data/serialize-error.js';

interface SyntaxProblem {
  readonly text: string;
  readonly location: {
    readonly file: string;
    readonly line: number;
    readonly column: number;
    readonly lineText: string;
  } | null;
}

/** An error of loading `file`, with its position: esbuild provides it for syntax errors, other errors have a stack. */
export function locateError(error: unknown, file: string): SerializedError {
  const problem = (error as { errors?: readonly SyntaxProblem[] } | undefined)?.errors?.[0];
  if (!problem?.location) {
    const data = serializeError(error);
    return data.location ? data : { ...data, location: { file, line: 1, column: 1 } };
  }
  const { line, column: bytes, lineText } = problem.location;
  const column = Buffer.from(lineText).subarray(0, bytes).toString().length + 1;
  const message = `SyntaxError: ${say(problem.text)}`;
  const location = { file: problem.location.file, line, column };
  return { name: 'SyntaxError', message, stack: `${message}\n${frameOf(location)}`, location };
}

function say(text: string): string {
  return text.startsWith('Top-level await')
    ? 'Cannot use top-level await in a file that tests import: move it into a beforeAll hook or a fixture'
    : text;
}
