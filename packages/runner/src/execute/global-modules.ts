import { UsageError, type ResolvedConfig } from '@chaos/spec';
import { orAbort } from '../or-abort.js';
import { loadModule } from '../load/load-module.js';
import { END_MS, type Ending } from '../signals/ending.js';

type GlobalFunction = (config: ResolvedConfig) => unknown;

/**
 * Runs `runner.global_setup` (until the signal aborts), and hands back what has to run at the end: what a setup
 * returned, and `runner.global_teardown`, as far as `ending` leaves time for it.
 */
export async function runGlobalSetup(
  config: ResolvedConfig,
  signal: AbortSignal,
  ending: Ending,
): Promise<() => Promise<readonly unknown[]>> {
  const teardowns: { readonly what: string; readonly run: () => unknown }[] = [];
  const tearDown = async (): Promise<readonly unknown[]> => {
    const errors: unknown[] = [];
    for (const teardown of teardowns.splice(0).reverse()) {
      try {
        await ending.within(teardown.what, END_MS.teardown, teardown.run);
      } catch (error) {
        errors.push(error);
      }
    }
    return errors;
  };
  for (const file of config.runner.globalTeardown)
    teardowns.push({ what: `The global teardown ${file}`, run: async () => (await load(file))(config) });
  try {
    for (const file of config.runner.globalSetup) {
      const returned = await orAbort(signal, async () => (await load(file))(config));
      if (typeof returned === 'function')
        teardowns.push({ what: `What the global setup ${file} returned`, run: () => (returned as () => unknown)() });
    }
  } catch (error) {
    await tearDown();
    throw error;
  }
  return tearDown;
}

async function load(file: string): Promise<GlobalFunction> {
  const { default: body } = await loadModule(file);
  if (typeof body !== 'function') throw new UsageError(`${file}: file must export a single function.`);
  return body as GlobalFunction;
}
