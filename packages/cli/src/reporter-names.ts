import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { extname, join, resolve } from 'node:path';
import { UsageError } from '@chaos/spec';
import { closest } from './closest.js';

/** Reporters of our own. */
export const REPORTERS = ['list', 'line', 'dot', 'json', 'junit', 'github', 'blob', 'null'] as const;

/** A reporter as it was asked for: one of ours, or the module of one. */
export type ReporterChoice = { readonly name: (typeof REPORTERS)[number] } | { readonly file: string };

/**
 * The reporters of `--reporter` (separated by commas, or the flag several times), else `list`; `CHAOS_REPORTER` and
 * `PW_TEST_REPORTER` add theirs. Throws UsageError for one that does not exist.
 */
export function reporterNames(asked: readonly string[] | undefined, { cwd, env }: { readonly cwd: string; readonly env: NodeJS.ProcessEnv }): readonly ReporterChoice[] {
  const split = (text: string): readonly string[] => text.split(',').map((name) => name.trim()).filter((name) => name !== '');
  const added = [env['CHAOS_REPORTER'], env['PW_TEST_REPORTER']].flatMap((value) => (value === undefined ? [] : split(value)));
  const names = [...(asked === undefined || asked.length === 0 ? ['list'] : asked.flatMap(split)), ...added];
  return [...new Set(names)].map((name) => choice(name, cwd));
}

function choice(name: string, cwd: string): ReporterChoice {
  const known = REPORTERS.find((reporter) => reporter === name);
  if (known !== undefined) return { name: known };
  const path = resolve(cwd, name);
  if (existsSync(path) && extname(path) !== '') return { file: path };
  if (!/^\.{0,2}[\\/]/.test(name)) {
    try {
      return { file: createRequire(join(cwd, 'package.json')).resolve(name) };
    } catch {
      // Neither a file nor a package: what was meant is said below.
    }
  }
  const meant = closest(name, REPORTERS);
  throw new UsageError(`Unknown reporter ${JSON.stringify(name)}${meant === undefined ? '' : `: did you mean ${meant}?`}`, { hint: `Known reporters: ${REPORTERS.join(', ')}; or the path of a module, or the name of an installed package.` });
}
