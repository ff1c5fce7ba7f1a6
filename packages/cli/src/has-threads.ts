import { writeSync } from 'node:fs';
import { assertProcesses } from '@chaos/env/process';
import { ExitCode, isChaosError } from '@chaos/spec';

/**
 * False, and said on standard error, where this user may not start enough threads for a run. It is looked at before
 * anything starts one: node aborts where it gets none.
 */
export function hasThreads(): boolean {
  try {
    assertProcesses();
    return true;
  } catch (error) {
    if (!isChaosError(error)) return true;
    writeSync(2, `error: ${error.message}\nhint: ${error.hint ?? ''}\n`);
    process.exitCode = ExitCode.environment;
    return false;
  }
}
