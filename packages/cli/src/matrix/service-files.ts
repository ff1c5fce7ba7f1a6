import { readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { TargetConfig } from '@chaos/spec';
import { runGit } from '../git/run-git.js';
import { isFile } from '../settings/is-file.js';

// Nothing of a program, however it is started.
const ASIDE = /(?:^|\/)(?:\.[^/]+|node_modules|coverage|chaos-results)\/|\.md$|\.(?:test|spec|chaos)\.[a-z]+$/;

/**
 * Source files of the target: those of the package that its command starts, else of its working folder. Where git knows
 * what is ignored (what is built), that is left out.
 */
export async function serviceFiles({ command, cwd }: TargetConfig, env: NodeJS.ProcessEnv): Promise<readonly string[]> {
  const started = command
    ?.slice(1)
    .map((word) => resolve(cwd, word))
    .find(isFile);
  const folder = packageOf(started === undefined ? cwd : dirname(started), cwd);
  const files = await runGit(['ls-files', '-z', '--cached', '--others', '--exclude-standard'], folder, env).then(
    (list) => list.split('\0').filter(Boolean),
    () => filesBelow(folder, folder),
  );
  return files
    .filter((file) => !ASIDE.test(file))
    .map((file) => join(folder, file))
    .filter(isFile)
    .toSorted();
}

// The folder of the nearest package.json, not above the working folder.
function packageOf(folder: string, highest: string): string {
  const above = dirname(folder);
  if (folder === highest || above === folder || isFile(join(folder, 'package.json'))) return folder;
  return packageOf(above, highest);
}

function filesBelow(folder: string, root: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (!entry.isDirectory()) return [relative(root, path)];
    return ASIDE.test(`${entry.name}/`) ? [] : filesBelow(path, root);
  });
}
