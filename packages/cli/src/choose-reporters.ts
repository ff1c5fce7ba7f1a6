import { join, resolve } from 'node:path';
import type { Reporter, ResolvedConfig } from '@chaos/spec';
import type { CliContext } from './context.js';
import { shard } from './flag-values.js';
import { createReporters } from './create-reporters.js';
import type { RunFlags } from './flags.js';
import { reporterNames } from './reporter-names.js';

/** The reporters of a run: what was asked for, and always `results.json` and the timeline `trace.json` in the output folder. */
export async function chooseReporters(flags: Pick<RunFlags, 'reporter' | 'json' | 'verbose' | 'config' | 'shard'>, { runner, rootDir }: Pick<ResolvedConfig, 'runner' | 'rootDir'>, context: CliContext): Promise<Reporter[]> {
  const choices = reporterNames(flags.reporter, context);
  const [{ createJsonReporter, createTraceReporter }, { findConfigFile }] = await Promise.all([import('@chaos/report'), import('@chaos/config')]);
  const configFile = flags.config === undefined ? findConfigFile(context.cwd) : resolve(context.cwd, flags.config);
  const made = await createReporters(choices, { rootDir, configFile, verbose: flags.verbose === true, json: flags.json === true, shard: flags.shard === undefined ? undefined : shard(flags.shard) }, context);
  return [...made, createJsonReporter({ outputFile: join(runner.outputDir, 'results.json'), ...(configFile !== undefined && { configFile }) }), createTraceReporter({ outputFile: join(runner.outputDir, 'trace.json') })];
}
