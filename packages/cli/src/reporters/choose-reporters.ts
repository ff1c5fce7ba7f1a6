import { join } from 'node:path';
import { createJsonReporter, createTraceReporter } from '@chaos/report';
import type { Reporter, ResolvedConfig } from '@chaos/spec';
import type { CliContext } from '../context.js';
import { configFiles } from '../settings/config-files.js';
import { createReporters } from './create-reporters.js';
import type { RunFlags } from '../flags.js';
import type { ReporterChoice } from './reporter-choice.js';

/**
 * The reporters of a run: the chosen ones, and always `results.json` and the timeline `trace.json` in the output
 * folder.
 */
export async function chooseReporters(
  flags: Pick<RunFlags, 'json' | 'verbose' | 'config'>,
  choices: readonly ReporterChoice[],
  { runner, rootDir }: Pick<ResolvedConfig, 'runner' | 'rootDir'>,
  context: CliContext,
): Promise<Reporter[]> {
  const configFile = configFiles(flags, context.cwd).configFile ?? runner.configModule;
  const made = await createReporters(
    choices,
    {
      rootDir,
      outputDir: runner.outputDir,
      configFile,
      verbose: flags.verbose === true,
      json: flags.json === true,
      shard: runner.shard,
    },
    context,
  );
  return [
    ...made,
    createJsonReporter({
      outputFile: join(runner.outputDir, 'results.json'),
      ...(configFile !== undefined && { configFile }),
    }),
    createTraceReporter({ outputFile: join(runner.outputDir, 'trace.json') }),
  ];
}
