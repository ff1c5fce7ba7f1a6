import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import type { Loader, transformSync as TransformSync } from 'esbuild';
import { nearestFile } from '../nearest-file.js';
import { cached } from './transform-cache.js';
import { tsconfigOf } from '../tsconfig.js';

/** esbuild loader by extension. */
export const LOADERS: Readonly<Record<string, Loader>> = {
  '.ts': 'ts',
  '.mts': 'ts',
  '.cts': 'ts',
  '.tsx': 'tsx',
  '.js': 'jsx',
  '.mjs': 'jsx',
  '.cjs': 'jsx',
  '.jsx': 'jsx',
};

const require_ = createRequire(import.meta.url);
const nearestManifest = nearestFile('package.json');
const manifestTypes = new Map<string, boolean>();
let version: string | undefined;
const RUNTIME = "const __chaos=globalThis[Symbol.for('@chaos/runner/interop')]";

/** Compiles TypeScript or an ES module to CommonJS with an inline source map; uses the cache if possible. */
export function transform(filename: string, extension: string, source: string): string {
  // Load esbuild only on a cache miss.
  version ??= (require_('esbuild/package.json') as { version: string }).version;
  const { compilerOptions } = tsconfigOf(filename);
  const strict = isModule(filename, extension);
  return cached(filename, [version, VERSION, filename, JSON.stringify(compilerOptions), String(strict), source], () => {
    const meta = source.includes('import.meta') ? ',__chaosMeta=__chaos.meta(require,__filename,__dirname)' : '';
    const { transformSync } = require_('esbuild') as { transformSync: typeof TransformSync };
    const { code } = transformSync(source, {
      loader: LOADERS[extension] ?? 'ts',
      format: 'cjs',
      target: 'node20',
      platform: 'node',
      sourcefile: filename,
      sourcemap: 'inline',
      sourcesContent: false,
      supported: { 'dynamic-import': false },
      banner: `${RUNTIME}${meta};`,
      ...(meta !== '' && { define: { 'import.meta': '__chaosMeta' } }),
      tsconfigRaw: { compilerOptions },
      logLevel: 'silent',
    });
    return withInterop(code, strict);
  });
}

// Part of the cache's key: the changes that this file makes to esbuild's output.
const VERSION = '1';

// esbuild's helpers decide with one flag per importer whether a module is CommonJS; Node also looks at the imported
// file.
function withInterop(code: string, strict: boolean): string {
  return code
    .replace('isNodeMode || !mod || !mod.__esModule ?', `__chaos.plain(mod, ${strict}) ?`)
    .replace(/^module\.exports = (__toCommonJS\(\w+\));$/m, 'module.exports = __chaos.module($1);')
    .replaceAll('Promise.resolve().then(() => __toESM(require(', `__chaos.import(require, ${strict}, __chaos.first((`);
}

// The same decision as Node's.
function isModule(filename: string, extension: string): boolean {
  if (extension.startsWith('.m')) return true;
  if (extension.startsWith('.c')) return false;
  const manifest = nearestManifest(dirname(filename));
  if (manifest === undefined) return false;
  let type = manifestTypes.get(manifest);
  if (type === undefined)
    manifestTypes.set(
      manifest,
      (type = (JSON.parse(readFileSync(manifest, 'utf8')) as { type?: unknown }).type === 'module'),
    );
  return type;
}
