import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { extname, join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { nearest, UsageError } from '@chaos/spec';
import { REPORTERS, type ReporterChoice } from './reporter-choice.js';
import { checkReporterOptions } from './reporter-options.js';

/** Extensions that the path of a reporter may leave out. */
const EXTENSIONS = ['.ts', '.js', '.mts', '.mjs', '.cts', '.cjs', '.tsx', '.jsx'] as const;

/** Sources of requested reporters. */
export interface ReporterWishes {
  /** `--reporter`: replaces the configured ones. */
  readonly asked: readonly string[] | undefined;
  /** `--add-reporter` */
  readonly added: readonly string[] | undefined;
  /** From the configuration; their modules are resolved from `rootDir`. */
  readonly configured: readonly (readonly [name: string, options: Readonly<Record<string, unknown>>])[];
  readonly rootDir: string;
}

/**
 * The reporters of a run. Names on the command line are separated by commas; `CHAOS_REPORTER` and `PW_TEST_REPORTER`
 * add theirs. Throws UsageError for one that does not exist.
 */
export function reporterNames(
  { asked, added, configured, rootDir }: ReporterWishes,
  { cwd, env }: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): readonly ReporterChoice[] {
  const split = (text: string): readonly string[] =>
    text
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '');
  const here = (names: readonly string[] = []): readonly ReporterChoice[] =>
    names.flatMap(split).map((name) => choice(name, {}, cwd));
  const own =
    asked === undefined || asked.flatMap(split).length === 0
      ? configured.map(([name, options]) => choice(name, options, rootDir))
      : here(asked);
  const fromEnvironment = [env['CHAOS_REPORTER'], env['PW_TEST_REPORTER']].filter((value) => value !== undefined);
  const all = [...own, ...here(added), ...here(fromEnvironment)];
  // The same reporter with other options counts as another one.
  return all.filter((each, index) => all.findIndex((other) => isDeepStrictEqual(other, each)) === index);
}

function choice(name: string, options: ReporterChoice['options'], folder: string): ReporterChoice {
  const known = REPORTERS.find((reporter) => reporter === name);
  if (known !== undefined) {
    checkReporterOptions(known, options);
    return { name: known, options };
  }
  const path = resolve(folder, name);
  const file = [path, ...EXTENSIONS.map((extension) => `${path}${extension}`)].find(
    (each) => extname(each) !== '' && existsSync(each),
  );
  if (file !== undefined) return { file, options };
  if (!/^\.{0,2}[\\/]/.test(name)) {
    try {
      return { file: createRequire(join(folder, 'package.json')).resolve(name), options };
    } catch {
      // Neither a file nor a package: the error below suggests the name that was meant.
    }
  }
  const meant = nearest(name, REPORTERS);
  throw new UsageError(
    `Unknown reporter ${JSON.stringify(name)}${meant === undefined ? '' : `: did you mean ${meant}?`}`,
    { hint: `Known reporters: ${REPORTERS.join(', ')}; or the path of a module, or the name of an installed package.` },
  );
}
