import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { types } from 'node:util';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { nearestFile } from '../nearest-file.js';

/** Runtime that compiled user files find under {@link INTEROP}. */
export interface Interop {
  /** Marks the exports of a compiled ES module. */
  module(exports: object): object;
  /**
   * True if `default` must be the whole of `module.exports`. `strict`: Node treats the importer as an ES module, which
   * ignores `__esModule`.
   */
  plain(exports: unknown, strict: boolean): boolean;
  /** `import()` of a specifier. */
  import(require: NodeJS.Require, strict: boolean, specifier: unknown): Promise<unknown>;
  first(specifier: unknown): unknown;
  /** `import.meta`. */
  meta(require: NodeJS.Require, filename: string, dirname: string): ImportMeta;
}

/** The name of this runtime in compiled files. */
export const INTEROP: unique symbol = Symbol.for('@chaos/runner/interop');

const modules = new WeakSet<object>();
const installed = new WeakMap<object, string>();
const manifestAbove = nearestFile('package.json');

/** Gives compiled files access to their runtime: ES modules keep Node's semantics. */
export function installInterop(): void {
  const interop: Interop = {
    module: (exports) => {
      modules.add(exports);
      return exports;
    },
    plain,
    first: (specifier) => specifier,
    async import(require_, strict, specifier) {
      const request = String(specifier);
      if (/^(?:data|https?):/.test(request)) return import(request);
      try {
        const exports: unknown = require_(request);
        return plain(exports, strict) ? namespace(exports) : exports;
      } catch (error) {
        // Only a real import can wait for top-level await.
        if ((error as { code?: unknown }).code !== 'ERR_REQUIRE_ASYNC_MODULE') throw error;
        return import(pathToFileURL(require_.resolve(request)).href);
      }
    },
    meta: (require_, filename, dirname) => {
      const url = pathToFileURL(filename).href;
      return { url, filename, dirname, resolve: (specifier) => resolveMeta(require_, url, specifier) };
    },
  };
  Object.defineProperty(globalThis, INTEROP, { value: interop, configurable: true });
}

function plain(exports: unknown, strict: boolean): boolean {
  if ((typeof exports !== 'object' && typeof exports !== 'function') || exports === null) return true;
  if (modules.has(exports) || types.isModuleNamespaceObject(exports)) return false;
  if ((exports as { __esModule?: unknown }).__esModule !== true) return true;
  return strict && !isOfBothKinds(exports);
}

/** Notes the file of an installed package that gave these exports. */
export function noteInstalled(exports: unknown, filename: string): void {
  if (typeof exports === 'object' && exports !== null && 'default' in exports) installed.set(exports, filename);
}

// A package that offers an ES module as well: Node would have given that to an ES module, with its own `default`.
function isOfBothKinds(exports: object): boolean {
  const filename = installed.get(exports);
  const manifest = filename === undefined ? undefined : manifestAbove(dirname(filename));
  if (manifest === undefined) return false;
  const { exports: entries } = JSON.parse(readFileSync(manifest, 'utf8')) as { readonly exports?: unknown };
  return /"(?:import|require)":/.test(JSON.stringify(entries) ?? '');
}

function namespace(exports: unknown): unknown {
  const result: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  if ((typeof exports === 'object' || typeof exports === 'function') && exports !== null)
    Object.assign(result, exports);
  return Object.assign(result, { default: exports });
}

function resolveMeta(require_: NodeJS.Require, url: string, specifier: string): string {
  if (/^\.{0,2}\/|^file:/.test(specifier)) {
    const target = new URL(specifier, url);
    try {
      return pathToFileURL(require_.resolve(fileURLToPath(target))).href;
    } catch {
      return target.href;
    }
  }
  const found = require_.resolve(specifier);
  return found.startsWith('/') ? pathToFileURL(found).href : `node:${found.replace(/^node:/, '')}`;
}
