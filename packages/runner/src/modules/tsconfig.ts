import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { otherOwner } from '@chaos/env/private';
import { UsageError } from '@chaos/spec';
import type { TransformOptions } from 'esbuild';
import { nearestFile } from './nearest-file.js';

/** Settings of a user's `tsconfig.json` that affect running files. */
export interface Tsconfig {
  /** The options that change esbuild's output. */
  readonly compilerOptions: (TransformOptions['tsconfigRaw'] & object)['compilerOptions'] & object;
  /** The paths that `paths` and `baseUrl` give for a bare specifier, best first. */
  candidates(specifier: string): readonly string[];
}

const NONE: Tsconfig = { compilerOptions: {}, candidates: () => [] };
const KEPT = [
  'alwaysStrict',
  'experimentalDecorators',
  'importsNotUsedAsValues',
  'jsx',
  'jsxFactory',
  'jsxFragmentFactory',
  'jsxImportSource',
  'preserveValueImports',
  'strict',
  'target',
  'useDefineForClassFields',
  'verbatimModuleSyntax',
];
const require_ = createRequire(import.meta.url);
const nearest = nearestFile('tsconfig.json');
const read = new Map<string, Tsconfig>();

let forced: string | undefined;

/** Uses this file for every source from now on: `--tsconfig`. */
export function useTsconfig(path: string | undefined): void {
  forced = path;
}

/**
 * The requested `tsconfig.json`, else the nearest one of a file, with the files it extends. The reader is loaded only
 * if there is one.
 */
export function tsconfigOf(file: string): Tsconfig {
  const path = forced ?? nearest(dirname(file));
  if (path === undefined) return NONE;
  let tsconfig = read.get(path);
  if (!tsconfig) {
    if (path !== forced) assertOwner(path, dirname(file));
    read.set(path, (tsconfig = parse(path)));
  }
  return tsconfig;
}

// Its `paths` say which code an import loads.
function assertOwner(path: string, folder: string): void {
  const owner = otherOwner(path, folder);
  if (owner === undefined) return;
  throw new UsageError(`Cannot use ${path}: it belongs to another user (uid ${owner}), and says which code is loaded`, {
    hint: `If you trust it, name it: --tsconfig ${path}. Else put a tsconfig.json of your own into ${folder}.`,
  });
}

function parse(path: string): Tsconfig {
  const { parseTsconfig, createPathsMatcher } = require_('get-tsconfig') as typeof import('get-tsconfig');
  try {
    const config = parseTsconfig(path);
    const match = createPathsMatcher({ path, config });
    const options = Object.entries(config.compilerOptions ?? {}).filter(([name]) => KEPT.includes(name));
    return { compilerOptions: Object.fromEntries(options), candidates: match ?? NONE.candidates };
  } catch (cause) {
    throw new UsageError(`Cannot read ${path}: ${cause instanceof Error ? cause.message : String(cause)}`, {
      hint: 'Test files are compiled with the nearest tsconfig.json and what it extends.',
      cause,
    });
  }
}
