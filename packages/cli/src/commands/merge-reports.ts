import { resolve } from 'node:path';
import { ExitCode, isChaosError } from '@chaos/spec';
import type { CliContext } from '../context.js';
import { createReporters } from '../create-reporters.js';
import { reporterNames } from '../reporter-names.js';

/** The flags of `chaos merge-reports`. */
export interface MergeFlags {
  readonly reporter?: readonly string[];
  readonly rootDir?: string;
  readonly verbose?: boolean;
}

/** `chaos merge-reports`. Exit code 1 when a report is missing or cut off, or one cannot be written; failed tests are no failure of a merge. */
export async function mergeReportsCommand(directory: string, { reporter, rootDir, verbose = false }: MergeFlags, context: CliContext): Promise<ExitCode> {
  const { cwd, stderr } = context;
  const choices = reporterNames({ asked: reporter, added: undefined, configured: [['list', {}]], rootDir: cwd }, context);
  const reporters = await createReporters(choices, { rootDir: cwd, configFile: undefined, verbose, json: false }, context);
  const { mergeReports } = await import('@chaos/report');
  const { problems, errors } = await mergeReports({ directory: resolve(cwd, directory), reporters, ...(rootDir !== undefined && { rootDir: resolve(cwd, rootDir) }) });
  for (const problem of problems) stderr.write(`error: ${problem}\n`);
  for (const error of errors) stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n${isChaosError(error) && error.hint !== undefined ? `hint: ${error.hint}\n` : ''}`);
  return problems.length + errors.length === 0 ? ExitCode.passed : ExitCode.failed;
}
