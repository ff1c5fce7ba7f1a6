import type { Location } from '@chaos/spec';
import { LOAD_MS } from '../hang/order-clock.js';
import { loadModule } from './load-module.js';
import { watchForLoops } from '../signals/start-watchdog.js';

/** Longer than a loop has, which is told with its position. */
const WAIT_MS = LOAD_MS + 5000;

/**
 * Imports a user's file into the main process, before a run, as `loadModule()` does. Throws the file's own errors, and
 * an error that names the position where its code does not come to an end within half a minute.
 */
export async function loadInTime(file: string): Promise<Readonly<Record<string, unknown>>> {
  let fail!: (error: Error) => void;
  const late = new Promise<never>((_, reject) => (fail = reject));
  using _watch = watchForLoops(file, (location) => fail(loops(location)));
  const timer = setTimeout(() => fail(waits()), WAIT_MS);
  // From a call of its own: what is stopped takes with it everything below it on the stack.
  const loaded = new Promise<Readonly<Record<string, unknown>>>((resolve, reject) =>
    setImmediate(() => void loadModule(file).then(resolve, reject)),
  );
  try {
    return await Promise.race([loaded, late]);
  } finally {
    clearTimeout(timer);
  }
}

function loops(location: Location | undefined): Error {
  const where = location ? ` at ${location.file}:${location.line}:${location.column}` : '';
  return new Error(`its code did not return for ${LOAD_MS / 1000} s${where}, and was stopped: a loop that never ends?`);
}

function waits(): Error {
  return new Error(`it was still being imported after ${WAIT_MS / 1000} s: does it await what never comes?`);
}
