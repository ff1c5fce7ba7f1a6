import { AsyncLocalStorage } from 'node:async_hooks';
import type { SuiteNode } from './suite.js';
import { resolveDetails } from './details.js';
import { UsageError } from '@chaos/spec';

/**
 * The suite that receives declarations while a file loads. One object per process: the worker loads one file at a time.
 */
interface Collector {
  readonly path: string;
  current: SuiteNode | undefined;
}

const KEY = Symbol.for('@chaos/runner/collector');
const registry = globalThis as unknown as Record<symbol, Collector | undefined>;

function collector(): Collector {
  const existing = registry[KEY];
  if (!existing) return (registry[KEY] = { path: import.meta.url, current: undefined });
  if (existing.path !== import.meta.url) {
    throw new UsageError(`Cannot use two copies of @chaos/runner in one run: ${existing.path} and ${import.meta.url}`, {
      hint: 'Make every package resolve the same @chaos/runner (pnpm dedupe, or one version in all package.json files).',
    });
  }
  return existing;
}

// The suite whose body is running, or was left by an `await` in it.
const bodies = new AsyncLocalStorage<SuiteNode>();

/** The suite being filled; throws if no file is loading, or if the body of the caller's suite has returned. */
export function currentSuite(what: string): SuiteNode {
  const { current } = collector();
  const body = bodies.getStore();
  if (body && body !== current)
    throw new UsageError(`Cannot call ${what} after an await in test.describe("${body.title}")`, {
      hint: 'Declare before the first await; put awaits into hooks or fixtures.',
    });
  if (!current)
    throw new UsageError(`@chaos/test did not expect ${what} to be called here`, {
      hint: 'Call it in a *.chaos.ts file, at its top level or in test.describe(), and run it with `chaos`.',
    });
  return current;
}

/** A new suite below `parent`. */
export function createSuite(title: string, location: SuiteNode['location'], parent: SuiteNode | undefined): SuiteNode {
  return {
    kind: 'suite',
    title,
    location,
    parent,
    entries: [],
    hooks: [],
    modifiers: [],
    overrides: [],
    details: resolveDetails(undefined, title),
    mode: 'default',
    only: false,
    retries: undefined,
    timeoutMs: undefined,
  };
}

/** Runs `body` and collects its declarations into `suite`. */
export function collectInto<T>(suite: SuiteNode, body: () => T): T {
  const state = collector();
  const before = state.current;
  state.current = suite;
  try {
    return bodies.run(suite, body);
  } finally {
    state.current = before;
  }
}

/** As {@link collectInto}, for a body that ends later; only one may be in progress. */
export async function collectIntoAsync<T>(suite: SuiteNode, body: () => Promise<T>): Promise<T> {
  const state = collector();
  const before = state.current;
  state.current = suite;
  try {
    return await body();
  } finally {
    state.current = before;
  }
}

/** True while a file is being loaded. */
export function isCollecting(): boolean {
  return registry[KEY]?.current !== undefined;
}
