import { nearest } from '@chaos/spec';
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { printValue } from '../../problem.js';
import type { Recorder } from '../recorder.js';

const ENDINGS = ['ts', 'tsx', 'mts', 'cts', 'js', 'jsx', 'mjs', 'cjs', 'json'];

/** The file of the driver, and what is wrong with it. */
interface ResolvedDriver {
  readonly driver: string | undefined;
  readonly problems: readonly string[];
}

/** The module at `target.driver`; one that is not there is a problem, with the file beside it that may be meant. */
export function resolveDriver(recorder: Recorder, rootDir: string): ResolvedDriver {
  const found = recorder.find<string>('target.driver', 'default: none');
  if (found === undefined) return { driver: undefined, problems: [] };
  const { value, provenance } = found;
  const driver = resolve(rootDir, value);
  if (canBeLoaded(driver)) return { driver, problems: [] };
  const meant = meantBy(driver);
  const guess = meant === undefined ? '' : `. Did you mean ${printValue(relative(rootDir, meant))}?`;
  const what = `current value is ${printValue(value)}, but there is no file ${driver}${guess}`;
  return { driver, problems: [`${provenance.source}: Cannot use target.driver: ${what}`] };
}

// Modules are also found without their ending, and as `x.js` of a file `x.ts`.
function canBeLoaded(file: string): boolean {
  const written = file.replace(/\.([cm]?)js$/, '.$1ts');
  return [file, written, `${written}x`, ...ENDINGS.map((ending) => `${file}.${ending}`)].some((each) =>
    existsSync(each),
  );
}

/** A file with nearly this name; the ending counts less than the name. */
function meantBy(file: string): string | undefined {
  const folder = dirname(file);
  const names = filesIn(folder);
  const stem = (name: string): string => name.replace(/\.[^.]*$/, '');
  const wanted = basename(file);
  const name =
    names.find((each) => stem(each) === stem(wanted)) ??
    nearest(wanted, names) ??
    names.find((each) => stem(each) === nearest(stem(wanted), names.map(stem)));
  return name === undefined ? undefined : join(folder, name);
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => /\.[cm]?[jt]s$/.test(entry.name) && !entry.isDirectory())
      .map(({ name }) => name);
  } catch {
    // No such folder: nothing is near.
    return [];
  }
}
