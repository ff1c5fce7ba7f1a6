import { fileURLToPath } from 'node:url';
import { loadModule } from './load-module.js';

/**
 * Imports a module named by plain data, by file URL or absolute path: built packages unchanged; a user's own file may
 * be TypeScript.
 */
export async function loadReference(module: string): Promise<Readonly<Record<string, unknown>>> {
  const file = module.startsWith('file:') ? fileURLToPath(module) : module;
  return file.endsWith('.js') && module.startsWith('file:')
    ? ((await import(module)) as Record<string, unknown>)
    : loadModule(file);
}
