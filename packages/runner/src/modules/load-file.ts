import type { SerializedError } from '@chaos/spec';
import { createSuite, collectIntoAsync } from '../declare/collector.js';
import type { SuiteNode } from '../declare/suite.js';
import { loadModule } from './load-module.js';
import { locateError } from './locate-error.js';

/** A test file, executed for its declarations. */
export interface FileSuite {
  readonly suite: SuiteNode;
  readonly error: SerializedError | undefined;
}

const loaded = new Map<string, Promise<FileSuite>>();

/** Loads a test file once per process. Errors (syntax, import, misuse) have a position in the source. */
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
    return { suite, error: locateError(error, file) };
  }
}
