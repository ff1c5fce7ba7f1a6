import { existsSync, readFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tsconfigOf } from './tsconfig.js';

/** Node's own CommonJS resolution; throws what Node throws. */
export type Resolve = (request: string) => string;

const require_ = createRequire(import.meta.url);
const RELATIVE = /^\.{0,2}\//;
// TypeScript's rule: the name of the output refers to the source.
const SOURCES: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx', '.jsx'],
  '.jsx': ['.tsx'],
  '.mjs': ['.mts'],
  '.cjs': ['.cts'],
};

/**
 * Resolves an import of a user's file: as Node does, plus file URLs, `./x.js` for `./x.ts`, aliases of the nearest
 * tsconfig.json, and packages whose exports have only an `import` condition. The error for a missing module names its
 * importer.
 */
export function resolveImport(request: string, importer: string, resolve: Resolve): string {
  if (isBuiltin(request)) return resolve(request);
  const specifier = request.startsWith('file:') ? fileURLToPath(request) : request;
  const bare = !RELATIVE.test(specifier);
  for (const candidate of bare ? tsconfigOf(importer).candidates(specifier) : []) {
    const found = attempt(candidate, resolve);
    if (found !== undefined) return found;
  }
  try {
    return resolve(specifier);
  } catch (error) {
    const found = bare ? byImportCondition(specifier, importer) : bySource(specifier, resolve);
    if (found !== undefined) return attempt(found, resolve) ?? found;
    throw notFound(error, request, importer);
  }
}

function attempt(path: string, resolve: Resolve): string | undefined {
  try {
    return resolve(path);
  } catch {
    return bySource(path, resolve);
  }
}

function bySource(path: string, resolve: Resolve): string | undefined {
  const extension = /\.[cm]?jsx?$/.exec(path)?.[0] ?? '';
  for (const source of SOURCES[extension] ?? []) {
    try {
      return resolve(`${path.slice(0, -extension.length)}${source}`);
    } catch {
      // Try the next one.
    }
  }
  return undefined;
}

// require() ignores packages with only an `import` condition; loading them by file works.
function byImportCondition(specifier: string, importer: string): string | undefined {
  const [name = '', subpath = ''] = /^((?:@[^/]+\/)?[^/]+)(?:\/(.*))?$/.exec(specifier)?.slice(1) ?? [];
  for (let folder = dirname(importer); ; folder = dirname(folder)) {
    const root = join(folder, 'node_modules', name);
    const manifest = join(root, 'package.json');
    if (existsSync(manifest)) {
      const { resolveExports } = require_('resolve-pkg-maps') as typeof import('resolve-pkg-maps');
      const { exports } = JSON.parse(readFileSync(manifest, 'utf8')) as {
        exports?: Parameters<typeof resolveExports>[0];
      };
      try {
        const [target] =
          exports === undefined ? [] : resolveExports(exports, subpath, ['node', 'import', 'module-sync']);
        return target === undefined ? undefined : join(root, target);
      } catch {
        return undefined;
      }
    }
    if (folder === dirname(folder)) return undefined;
  }
}

function notFound(error: unknown, request: string, importer: string): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code !== 'MODULE_NOT_FOUND' && code !== 'ERR_PACKAGE_PATH_NOT_EXPORTED') return error;
  const why = code === 'MODULE_NOT_FOUND' ? '' : ` (${message})`;
  const missing = new Error(`Cannot find module '${request}', imported by ${importer}${why}`);
  Error.captureStackTrace(missing, resolveImport);
  return Object.assign(missing, { code, requireStack: (error as { requireStack?: string[] }).requireStack });
}
