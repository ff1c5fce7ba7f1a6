import type { Project } from './project.ts';
import { startChaos, type ChaosProcess, type StartOptions } from './start-chaos.ts';

/** A `chaos` that has ended. */
export interface ChaosResult extends ChaosProcess {
  readonly code: number | null;
  /** Standard output and standard error. */
  readonly output: string;
}

/** Runs the command to its end. */
export async function runChaos(
  project: Project,
  args: readonly string[],
  options?: StartOptions,
): Promise<ChaosResult> {
  const run = startChaos(project, args, options);
  const { code } = await run.exited;
  return { ...run, code, output: run.stdout() + run.stderr() };
}
