import type { SerializedError } from '@chaos/spec';
import type { LoadedFile, LoadedTest } from '../ipc/messages.js';
import { discover, parseFilter } from '../load/discover.js';
import { filterTests } from '../plan/filter.js';
import type { RunOptions } from '../run-options.js';
import type { WorkerPool } from './worker-pool.js';

/** The tests of a run, with what stood in the way of finding them. */
export interface Plan {
  readonly chosen: readonly { readonly file: LoadedFile; readonly tests: readonly LoadedTest[] }[];
  readonly tests: readonly LoadedTest[];
  readonly errors: readonly SerializedError[];
}

/** Finds the test files and has the workers load them, side by side: user code runs in no other process. */
export async function loadPlan({ config, cwd, filters, grep, grepInvert }: RunOptions, workers: WorkerPool): Promise<Plan> {
  const parsed = filters.map((filter) => parseFilter(filter, cwd));
  // It starts up while the files are looked for.
  workers.get(0);
  const files = await discover(config, parsed, cwd);
  const count = Math.min(config.runner.workers, files.length);
  const next = files.values();
  const loaded = new Map<string, LoadedFile>();
  await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      for (const file of next) loaded.set(file, await workers.get(index).load(file));
    }),
  );
  const ordered = files.map((file) => loaded.get(file) as LoadedFile);
  const chosen = filterTests(ordered, { filters: parsed, grep, grepInvert });
  return { chosen, tests: chosen.flatMap(({ tests }) => tests), errors: ordered.flatMap(({ errors }) => errors) };
}
