import { createRequire } from 'node:module';
import { extname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { installHooks } from './install-hooks.js';

let hasLoaded = false;

/** True if user code was loaded into this process: it may run there at any time. */
export function hasLoadedModules(): boolean {
  return hasLoaded;
}

/**
 * Imports a user's file: TypeScript or JavaScript, ES module or CommonJS, without a build. Returns its namespace (with
 * `default`, for CommonJS too). Throws the file's own errors.
 */
export async function loadModule(file: string): Promise<Readonly<Record<string, unknown>>> {
  installHooks();
  hasLoaded = true;
  const require_ = createRequire(file);
  try {
    return namespace(require_(file));
  } catch (error) {
    // CommonJS cannot express top-level await, so such a file must be JavaScript.
    const { code, message } = Object(error) as { code?: unknown; message?: string };
    if (!(code === 'ERR_REQUIRE_ASYNC_MODULE' || message?.includes('Top-level await')) || extname(file).includes('ts'))
      throw error;
    return (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  }
}

function namespace(exports: unknown): Readonly<Record<string, unknown>> {
  if (typeof exports !== 'object' || exports === null) return { default: exports };
  const record = exports as Record<string, unknown>;
  return 'default' in record ? record : { default: exports, ...record };
}
