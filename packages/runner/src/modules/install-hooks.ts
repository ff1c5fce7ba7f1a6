import { readFileSync } from 'node:fs';
import Module from 'node:module';
import { noteCompiled } from '../data/compiled-sources.js';
import { installInterop, noteInstalled } from './transform/interop.js';
import { resolveImport } from './resolve-import.js';
import { LOADERS, transform } from './transform/transform.js';

type Compile = (
  module: { readonly exports: unknown; _compile(code: string, filename: string): void },
  filename: string,
) => void;
interface Hooks {
  readonly _extensions: Record<string, Compile>;
  _resolveFilename(request: string, parent: { filename?: string | null } | null, ...rest: unknown[]): string;
}

let installed = false;
// The user's files: our rules resolve their imports.
const importers = new Set<string>();

/**
 * Makes `require` load the user's TypeScript and ES modules, and TypeScript that packages ship (tests; Node refuses it
 * there), compiled to CommonJS by esbuild and cached on disk. Installed JavaScript is left alone. Synchronous, so it
 * needs no loader thread; packages that are ES modules are loaded with require(esm).
 */
export function installHooks(): void {
  if (installed) return;
  installed = true;
  process.setSourceMapsEnabled(true);
  installInterop();
  const hooks = Module as unknown as Hooks;
  const original = hooks._extensions['.js'] as Compile;
  for (const extension of Object.keys(LOADERS)) {
    const before = hooks._extensions[extension] ?? original;
    hooks._extensions[extension] = (module, filename) => {
      const javascript = LOADERS[extension] === 'jsx';
      if (filename.includes('/node_modules/')) {
        if (javascript) return compileInstalled(before, module, filename);
        noteCompiled(filename);
      }
      const source = readFileSync(filename, 'utf8');
      // Our packages' own output: a monorepo links it, so it is not in node_modules.
      if (javascript && BUILT.test(source.slice(-200))) return compileInstalled(before, module, filename);
      importers.add(filename);
      // Plain CommonJS JavaScript runs unchanged.
      if (javascript && !MODERN.test(source)) return compilePlain(before, module, { filename, extension, source });
      module._compile(transform(filename, extension, source), filename);
    };
  }
  const resolve = hooks._resolveFilename;
  hooks._resolveFilename = function (request, parent, ...rest) {
    const importer = parent?.filename;
    const node = (specifier: string): string => resolve.call(this, specifier, parent, ...rest);
    return importer && importers.has(importer) ? resolveImport(request, importer, node) : node(request);
  };
}

function compileInstalled(compile: Compile, module: Parameters<Compile>[0], filename: string): void {
  try {
    compile(module, filename);
    noteInstalled(module.exports, filename);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_REQUIRE_ASYNC_MODULE' && !message.startsWith('Cannot load')) {
      (error as Error).message =
        `Cannot load ${filename}: it, or what it imports, uses top-level await. ` +
        `Load it with \`await import()\` in a test, hook or fixture`;
      // Throw here, so that the importing file is among the frames.
      Error.captureStackTrace(error as Error, compileInstalled);
    }
    throw error;
  }
}

// Node does not say where in the file the syntax is wrong; the transform does.
function compilePlain(
  compile: Compile,
  module: Parameters<Compile>[0],
  { filename, extension, source }: { readonly filename: string; readonly extension: string; readonly source: string },
): void {
  try {
    compile(module, filename);
  } catch (error) {
    if (error instanceof SyntaxError) transform(filename, extension, source);
    throw error;
  }
}

const BUILT = /\n\/\/# sourceMappingURL=\S+\.map\s*$/;
const MODERN = /^\s*(?:import|export)\b|\bimport\s*[.(]|@\w+\s*(?:\(|class)|\busing\s+\w+\s*=|<\/|\/>/m;
