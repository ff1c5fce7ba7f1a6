import { createRequire } from 'node:module';
import { extname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { installHooks } from './install-hooks.js';

let hasLoaded = false;

/** Whether code of the user's has been loaded into this process: it may do anything there at any time. */
export function hasLoadedModules(): boolean {
  return hasLoaded;
}

/**
 * Imports a file of the user's: TypeScript or JavaScript, ES module or CommonJS, without a build. Returns its namespace
 * (`default` is there for CommonJS too). Errors are the file's own.
 */
export async function loadModule(file: string): Promise<Readonly<Record<string, unknown>>> {
  installHooks();
  hasLoaded = true;
  const require_ = createRequire(file);
  try {
    return namespace(require_(file));
  } catch (error) {
    // Top-level await is the one thing that CommonJS cannot say; such a file must be JavaScript here.
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
