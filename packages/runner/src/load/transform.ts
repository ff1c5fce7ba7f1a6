import { readFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import type { Loader, transformSync as TransformSync } from 'esbuild';
import { cached } from './transform-cache.js';

type Compile = (module: { _compile(code: string, filename: string): void }, filename: string) => void;
interface Hooks {
  readonly _extensions: Record<string, Compile>;
  _resolveFilename(request: string, parent: { filename?: string } | null, ...rest: unknown[]): string;
}

const LOADERS: Readonly<Record<string, Loader>> = { '.ts': 'ts', '.mts': 'ts', '.cts': 'ts', '.tsx': 'tsx', '.js': 'js', '.mjs': 'js', '.cjs': 'js', '.jsx': 'jsx' };
const META = 'const __chaosMeta={url:require("node:url").pathToFileURL(__filename).href,filename:__filename,dirname:__dirname,resolve:(s)=>{const r=require.resolve(s);return r.startsWith("/")?require("node:url").pathToFileURL(r).href:r}};';
const require_ = createRequire(import.meta.url);

let installed = false;

/**
 * Makes `require` take TypeScript and ES modules of the user (nothing in node_modules), compiled to CommonJS by esbuild and
 * cached on disk. Synchronous, so that it needs no loader thread; packages that are ES modules come in by require(esm).
 */
export function installTransform(): void {
  if (installed) return;
  installed = true;
  process.setSourceMapsEnabled(true);
  const hooks = Module as unknown as Hooks;
  const original = hooks._extensions['.js'] as Compile;
  for (const extension of Object.keys(LOADERS)) {
    const before = hooks._extensions[extension] ?? original;
    hooks._extensions[extension] = (module, filename) => {
      if (filename.includes('/node_modules/')) return before(module, filename);
      const source = readFileSync(filename, 'utf8');
      if (!needsTransform(extension, source)) return before(module, filename);
      module._compile(transform(filename, extension, source), filename);
    };
  }
  const resolve = hooks._resolveFilename;
  hooks._resolveFilename = function (request, parent, ...rest) {
    try {
      return resolve.call(this, request, parent, ...rest);
    } catch (error) {
      // TypeScript's rule: `./x.js` may stand for `./x.ts`.
      const typescript = /^\.{1,2}\/.*\.[cm]?js$/.test(request) && parent?.filename && request.replace(/\.([cm]?)js$/, '.$1ts');
      if (!typescript) throw error;
      try {
        return resolve.call(this, typescript, parent, ...rest);
      } catch {
        throw error;
      }
    }
  };
}

// Plain CommonJS in JavaScript runs as it is; our packages' built output too (in a monorepo it is linked, so not in node_modules).
function needsTransform(extension: string, source: string): boolean {
  if (LOADERS[extension] !== 'js') return true;
  return !OWN_OUTPUT.test(source.slice(-200)) && /^\s*(?:import|export)\b|\bimport\s*[.(]|@\w+\s*(?:\(|class)/m.test(source);
}
const OWN_OUTPUT = /\n\/\/# sourceMappingURL=\S+\.map\s*$/;

function transform(filename: string, extension: string, source: string): string {
  const esbuild = require_('esbuild') as { transformSync: typeof TransformSync; version: string };
  return cached([esbuild.version, process.version, filename, source], () => {
    const meta = source.includes('import.meta');
    const { code } = esbuild.transformSync(source, {
      loader: LOADERS[extension] ?? 'ts',
      format: 'cjs',
      target: 'node20',
      platform: 'node',
      sourcefile: filename,
      sourcemap: 'inline',
      sourcesContent: false,
      supported: { 'dynamic-import': false },
      keepNames: false,
      ...(meta && { define: { 'import.meta': '__chaosMeta' }, banner: META }),
      tsconfigRaw: { compilerOptions: { experimentalDecorators: true, verbatimModuleSyntax: false } },
      logLevel: 'silent',
    });
    return code;
  });
}
