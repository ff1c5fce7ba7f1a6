import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assertTrusted } from '@chaos/env/private';
import type { UndoRecipe } from '@chaos/spec';

const HINT = 'Install the package where only you or root can write.';

/**
 * The file of the function that a `call` recipe names. The function must be declared as an undo in its own
 * `package.json`: `"chaos": { "undo": { "./dist/heal.js": ["heal"] } }`; and only this user, root or the owner of our
 * own code may be able to change the file.
 *
 * @throws TypeError where the recipe is malformed or the function is not declared
 * @throws EnvironmentError where others could change the file or its `package.json`
 */
export function undoFunction(recipe: Extract<UndoRecipe, { kind: 'call' }>): { readonly file: string } {
  const { module, export: name } = recipe;
  if (typeof module !== 'string' || typeof name !== 'string' || !module.startsWith('file:'))
    throw refusal(recipe, 'module must be a file URL, export a name');
  const file = realOf(recipe);
  const manifest = manifestOf(dirname(file));
  const declared = manifest === undefined ? [] : declaredIn(manifest, file);
  if (!declared.includes(name))
    throw refusal(
      recipe,
      `${manifest ?? 'no package.json'} does not list it in "chaos": { "undo": { "./file": ["function"] } }`,
    );
  assertTrusted(file, HINT);
  assertTrusted(manifest as string, HINT);
  return { file };
}

function manifestOf(folder: string): string | undefined {
  const manifest = join(folder, 'package.json');
  if (existsSync(manifest)) return manifest;
  return folder === dirname(folder) ? undefined : manifestOf(dirname(folder));
}

function realOf(recipe: Extract<UndoRecipe, { kind: 'call' }>): string {
  try {
    return realpathSync(fileURLToPath(recipe.module));
  } catch (cause) {
    throw new TypeError(`Cannot undo by ${recipe.export} of ${recipe.module}: ${(cause as Error).message}`, { cause });
  }
}

function declaredIn(manifest: string, file: string): readonly unknown[] {
  const { chaos } = JSON.parse(readFileSync(manifest, 'utf8')) as { chaos?: { undo?: Record<string, unknown> } };
  const names = chaos?.undo?.[`./${relative(dirname(manifest), file)}`];
  return Array.isArray(names) ? names : [];
}

function refusal({ module, export: name }: { module: unknown; export: unknown }, why: string): TypeError {
  return new TypeError(`Cannot undo by ${String(name)} of ${String(module)}: ${why}`);
}
