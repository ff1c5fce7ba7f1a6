import { createRequire } from 'node:module';
import { statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { otherOwner } from '@chaos/env/private';
import { UsageError } from '@chaos/spec';
import type { TransformOptions } from 'esbuild';
import { nearestFile } from './nearest-file.js';

/** Settings of a user's `tsconfig.json` or `jsconfig.json` that affect running files. */
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
const nearest = nearestFile('tsconfig.json', 'jsconfig.json');
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

// A solution refers to the configurations of its parts: each may say where an import is, and the first one how to
// compile.
function parse(path: string): Tsconfig {
  const { parseTsconfig, createPathsMatcher } = require_('get-tsconfig') as typeof import('get-tsconfig');
  try {
    const config = parseTsconfig(path);
    const match = createPathsMatcher({ path, config }) ?? NONE.candidates;
    const parts = (config.references ?? []).map((part) => resolve(dirname(path), part.path)).map(parsePart);
    const options = Object.entries(config.compilerOptions ?? parts[0]?.compilerOptions ?? {});
    return {
      compilerOptions: Object.fromEntries(options.filter(([name]) => KEPT.includes(name))),
      candidates: (specifier) => [...match(specifier), ...parts.flatMap(({ candidates }) => candidates(specifier))],
    };
  } catch (cause) {
    throw new UsageError(`Cannot read ${path}: ${cause instanceof Error ? cause.message : String(cause)}`, {
      hint: 'Test files are compiled with the nearest tsconfig.json and what it extends.',
      cause,
    });
  }
}

// References of parts are not followed, as Playwright Test does not: solutions have one level.
function parsePart(path: string): Tsconfig {
  const file = statSync(path, { throwIfNoEntry: false })?.isDirectory() ? join(path, 'tsconfig.json') : path;
  const { parseTsconfig, createPathsMatcher } = require_('get-tsconfig') as typeof import('get-tsconfig');
  const config = parseTsconfig(file);
  return {
    compilerOptions: config.compilerOptions ?? {},
    candidates: createPathsMatcher({ path: file, config }) ?? NONE.candidates,
  };
}
