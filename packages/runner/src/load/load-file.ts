import type { SerializedError } from '@chaos/spec';
import { createSuite, collectIntoAsync } from '../declare/collector.js';
import type { SuiteNode } from '../declare/suite.js';
import { serializeError } from '../serialize-error.js';
import { loadModule } from './load-module.js';

/** A test file, executed for its declarations. */
export interface FileSuite {
  readonly suite: SuiteNode;
  readonly error: SerializedError | undefined;
}

const loaded = new Map<string, Promise<FileSuite>>();

/** Loads a test file once per process. An error (syntax, import, misuse) comes with the place in the source. */
export function loadFile(file: string): Promise<FileSuite> {
  let promise = loaded.get(file);
  if (!promise) loaded.set(file, (promise = load(file)));
  return promise;
}

async function load(file: string): Promise<FileSuite> {
  const suite = createSuite('', { file, line: 0, column: 0 }, undefined);
  try {
    await collectIntoAsync(suite, () => loadModule(file));
    return { suite, error: undefined };
  } catch (error) {
    return { suite, error: locate(error, file) };
  }
}

// esbuild knows the place of a syntax error as data; anything else has a stack.
function locate(error: unknown, file: string): SerializedError {
  const [first] = (error as { errors?: { text: string; location?: { line: number; column: number; lineText: string } }[] }).errors ?? [];
  if (!first?.location) {
    const data = serializeError(error);
    return data.location ? data : { ...data, location: { file, line: 1, column: 1 } };
  }
  const { line, column, lineText } = first.location;
  const message = `SyntaxError: ${first.text}`;
  return { name: 'SyntaxError', message, stack: `${message}\n    at ${file}:${line}:${column + 1}`, location: { file, line, column: column + 1 }, snippet: `> ${line} | ${lineText}\n    ${' '.repeat(String(line).length)}${' '.repeat(column)}^` };
}
