import type { Attempt } from '@chaos/env';
import type { Executor } from '../executors/executor.js';
import { tryCommand } from './run-command.js';

/** The attempts of `@chaos/env`, made where the executor runs. */
export function attemptThrough(executor: Executor, signal: AbortSignal): Attempt {
  return async (argv) => {
    const { ok, stdout, stderr, missing } = await tryCommand(executor, { argv }, signal);
    return {
      ok,
      stdout,
      failure: missing === undefined ? (stderr.trim().split('\n')[0] ?? '') : `${missing} is not installed`,
      missing,
    };
  };
}
