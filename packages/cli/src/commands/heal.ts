import { ExitCode } from '@chaos/spec';
import type { CliContext } from '../context.js';
import { print } from '../output/print.js';
import { printJson } from '../output/print-json.js';
import { tell } from '../output/tell.js';

/** `chaos heal`. Exit code 3 when something could not be undone. */
export async function heal(
  flags: { readonly json?: boolean; readonly discard?: boolean },
  context: CliContext,
): Promise<ExitCode> {
  const { healDeadRuns } = await import('@chaos/runner/heal');
  const log = (line: string): void => tell(context, line);
  const runs = await healDeadRuns({ log, discard: flags.discard === true });
  const failures = runs.flatMap(({ failed }) => failed);
  if (flags.json === true) {
    const data = runs.map((run) => ({
      ...run,
      failed: run.failed.map(({ error, ...rest }) => ({ ...rest, error: error.message })),
    }));
    printJson(context, { runs: data });
  } else {
    for (const { runId, killed, healed, failed, removed } of runs)
      print(
        context,
        `run ${runId}: ${killed} processes ended, ${healed.length} changes undone, ${failed.length} failed${removed ? '' : ' (kept for the next try; to forget them: chaos heal --discard)'}\n`,
      );
    if (runs.length === 0) print(context, 'Nothing to heal: no killed run has left anything.\n');
  }
  return failures.length === 0 ? ExitCode.passed : ExitCode.environment;
}
