import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, relative } from 'node:path';
import type { ResolvedConfig, TestCase } from '@chaos/spec';
import { version } from '../version.js';
import { importedFiles } from './imported-files.js';
import { serviceFiles } from './service-files.js';

/** Names the content that a cell of the matrix depends on: equal keys, equal results. */
export type CellKeys = (variant: string | undefined, test: TestCase) => string;

/**
 * Keys of cells: hashes of the test file, the driver, the target, the variant and the version of this product. A file
 * of the target that has the name of a variant counts for that variant alone.
 */
export async function cellKeys(config: ResolvedConfig, env: NodeJS.ProcessEnv): Promise<CellKeys> {
  const { rootDir, target } = config;
  const names = new Set(Object.keys(target.variants));
  const driver = target.driver === undefined ? [] : [...importedFiles(target.driver)];
  const all = await serviceFiles(target, env);
  const isOfVariant = (file: string): boolean => names.has(nameOf(file));
  const contentOf = (files: Iterable<string>): string => hashOfFiles(files, rootDir);
  const { command, setup, ready, env: variables } = target;
  const common = hash([
    version(),
    contentOf(driver),
    contentOf(all.filter((file) => !isOfVariant(file) && !driver.includes(file))),
    JSON.stringify([command, setup, ready, variables]),
  ]);
  const tests = new Map<string, string>();
  return (variant, { location: { file } }) => {
    const content = tests.get(file) ?? contentOf(importedFiles(file));
    tests.set(file, content);
    if (variant === undefined) return hash([common, content]);
    const own = contentOf(all.filter((each) => nameOf(each) === variant));
    return hash([common, content, variant, JSON.stringify(target.variants[variant]), own]);
  };
}

function nameOf(file: string): string {
  return basename(file).replace(/\..*$/, '');
}

function hashOfFiles(files: Iterable<string>, rootDir: string): string {
  const parts = [...files].sort().flatMap((file) => [relative(rootDir, file), readFileSync(file, 'utf8')]);
  return hash(parts);
}

function hash(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
