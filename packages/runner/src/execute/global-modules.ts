import { UsageError, type ResolvedConfig } from '@chaos/spec';
import { orAbort } from '../or-abort.js';
import { loadModule } from '../load/load-module.js';

type GlobalFunction = (config: ResolvedConfig) => unknown;

/**
 * Runs `runner.global_setup` (until the signal aborts), and hands back what has to run at the end: what a setup
 * returned, and `runner.global_teardown`.
 */
export async function runGlobalSetup(
  config: ResolvedConfig,
  signal: AbortSignal,
): Promise<() => Promise<readonly unknown[]>> {
  const teardowns: (() => unknown)[] = [];
  const tearDown = async (): Promise<readonly unknown[]> => {
    const errors: unknown[] = [];
    for (const teardown of teardowns.splice(0).reverse()) {
      try {
        await teardown();
      } catch (error) {
        errors.push(error);
      }
    }
    return errors;
  };
  for (const file of config.runner.globalTeardown) teardowns.push(async () => (await load(file))(config));
  try {
    for (const file of config.runner.globalSetup) {
      const returned = await orAbort(signal, async () => (await load(file))(config));
      if (typeof returned === 'function') teardowns.push(() => (returned as () => unknown)());
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
