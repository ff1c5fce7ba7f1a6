import type { CliContext } from '../context.js';
import { configFiles } from '../settings/config-files.js';
import type { RunScope } from './find-runs.js';

/** The project of a command line: its history lies beside its `chaos.yaml`. Reads no settings. */
export function runScope(flags: { readonly config?: string }, { cwd }: CliContext): RunScope {
  return { cwd, rootDir: configFiles(flags, cwd).folder };
}
