import { join, resolve } from 'node:path';
import { UsageError, type Reporter, type ResolvedConfig } from '@chaos/spec';
import { closest } from './closest.js';
import type { CliContext } from './context.js';
import type { RunFlags } from './flags.js';

const KNOWN = ['list', 'json'] as const;

/**
 * The reporters of a run: what was asked for, and always `results.json` in the output folder. JSON goes to standard output,
 * alone: the list goes to standard error then.
 */
export async function chooseReporters(flags: Pick<RunFlags, 'reporter' | 'json' | 'verbose' | 'config'>, { runner }: Pick<ResolvedConfig, 'runner'>, { cwd, env, stdout, stderr }: CliContext): Promise<Reporter[]> {
  const names = (flags.reporter ?? 'list').split(',').map((name) => name.trim());
  for (const name of names) {
    if ((KNOWN as readonly string[]).includes(name)) continue;
    const meant = closest(name, KNOWN);
    throw new UsageError(`Unknown reporter ${JSON.stringify(name)}${meant === undefined ? '' : `: did you mean ${meant}?`}`, { hint: `Known reporters: ${KNOWN.join(', ')}` });
  }
  const json = flags.json === true || names.includes('json');
  const [{ createJsonReporter, createListReporter }, { findConfigFile }] = await Promise.all([import('@chaos/report'), import('@chaos/config')]);
  const file = flags.config === undefined ? findConfigFile(cwd) : resolve(cwd, flags.config);
  const configFile = file === undefined ? {} : { configFile: file };
  const stream = json ? stderr : stdout;
  return [
    ...(names.includes('list') ? [createListReporter({ stream, color: wantsColor(stream, env), verbose: flags.verbose === true })] : []),
    createJsonReporter({ outputFile: join(runner.outputDir, 'results.json'), ...configFile }),
    ...(json ? [createJsonReporter({ stream: stdout, ...configFile })] : []),
  ];
}

// https://no-color.org and https://force-color.org
function wantsColor(stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv): boolean {
  if (env['NO_COLOR']) return false;
  if (env['FORCE_COLOR']) return env['FORCE_COLOR'] !== '0';
  return stream.isTTY === true;
}
