import { checkRunnable, orAbort, orIdle, UsageError } from '@chaos/spec';
import { fullConfigOf, type FullConfig } from '../data/full-config.js';
import { readConfigModule } from '../modules/config-module.js';
import type { RunOptions } from '../run-options.js';
import { loadModule } from '../modules/load-module.js';
import { END_MS } from '../signals/ending.js';
import type { Ends } from '../signals/watch-ends.js';

type GlobalFunction = (config: FullConfig) => unknown;

/** `runner.global_setup` and `runner.global_teardown` of a run. */
export interface GlobalModules {
  /** Runs the setup; aborted when the run is told to end. */
  setUp(): Promise<void>;
  /**
   * Runs the final steps, whatever the setup did: the function that it returned, and the teardown, as far as time
   * allows. Returns the errors they threw.
   */
  tearDown(): Promise<readonly unknown[]>;
}

/** Creates the global modules of a run. */
export function globalModules(
  { config, argv, version }: Pick<RunOptions, 'config' | 'argv' | 'version'>,
  { signal, ending, isWatched }: Pick<Ends, 'signal' | 'ending' | 'isWatched'>,
): GlobalModules {
  const { globalSetup, globalTeardown } = config.runner;
  const fullConfig = async (): Promise<FullConfig> => {
    const code = await readConfigModule(config.runner);
    return fullConfigOf({ config, argv, version, use: (project) => code.get(project)?.use ?? {} });
  };
  const teardowns = globalTeardown.map((file) => ({
    what: `The global teardown ${file}`,
    run: async (): Promise<unknown> => (await load(file))(await fullConfig()),
  }));
  return {
    async setUp() {
      if (globalSetup.length > 0) await isWatched;
      for (const file of globalSetup) {
        const returned = await orAbort(signal, () =>
          orIdle(neverEnds(`The global setup ${file}`), async () => (await load(file))(await fullConfig())),
        );
        if (typeof returned === 'function')
          teardowns.push({
            what: `What the global setup ${file} returned`,
            run: async () => (returned as () => unknown)(),
          });
      }
    },
    async tearDown() {
      const errors: unknown[] = [];
      for (const { what, run } of teardowns.splice(0).reverse()) {
        try {
          await ending.within(what, END_MS.teardown, () => orIdle(neverEnds(what), run));
        } catch (error) {
          errors.push(error);
        }
      }
      return errors;
    },
  };
}

function neverEnds(what: string): () => Error {
  return () => {
    const error = new Error(`${what} never ends: nothing is left that could settle what it waits for`);
    // Drop the stack: the place where we noticed it does not help.
    error.stack = `${error.name}: ${error.message}`;
    return error;
  };
}

async function load(file: string): Promise<GlobalFunction> {
  const { default: body } = await loadModule(file);
  if (typeof body !== 'function') throw new UsageError(`${file}: file must export a single function.`);
  checkRunnable(file, body);
  return body as GlobalFunction;
}
