import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The folder of the example whose service is defined in it. */
export const OWN_DEPENDENCY: string = join(import.meta.dirname, '..', '..', 'examples', 'own-dependency');

/** The example's files, for a project of a user who took them over. */
export function ownDependencyFiles(): Readonly<Record<string, string>> {
  const names = ['', 'services'].flatMap((folder) =>
    readdirSync(join(OWN_DEPENDENCY, folder))
      .filter((name) => /\.(?:ts|mjs|yaml|json)$/.test(name))
      .map((name) => join(folder, name)),
  );
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(OWN_DEPENDENCY, name), 'utf8')]));
}
