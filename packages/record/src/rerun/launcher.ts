import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The words that start the command in a folder: `pnpm chaos` in a project of pnpm that has such a script or program,
 * `npx chaos` everywhere else.
 */
export function launcher(folder: string): readonly [string, string] {
  let words = known.get(folder);
  if (words === undefined) known.set(folder, (words = look(folder)));
  return words;
}

// A report asks for each of its tests.
const known = new Map<string, readonly [string, string]>();

function look(folder: string): readonly [string, string] {
  const isPnpm = nearest(folder, 'pnpm-lock.yaml') !== undefined && knowsChaos(folder);
  return [isPnpm ? 'pnpm' : 'npx', 'chaos'];
}

function knowsChaos(folder: string): boolean {
  const project = nearest(folder, 'package.json');
  if (project === undefined) return false;
  return existsSync(join(project, 'node_modules', '.bin', 'chaos')) || hasScript(join(project, 'package.json'));
}

function hasScript(file: string): boolean {
  try {
    const { scripts } = JSON.parse(readFileSync(file, 'utf8')) as { readonly scripts?: { readonly chaos?: unknown } };
    return typeof scripts?.chaos === 'string';
  } catch {
    // Somebody else's file, which need not be well-formed.
    return false;
  }
}

/** The nearest folder at or above this one that holds a file. */
function nearest(folder: string, file: string): string | undefined {
  if (existsSync(join(folder, file))) return folder;
  const above = dirname(folder);
  return above === folder ? undefined : nearest(above, file);
}
