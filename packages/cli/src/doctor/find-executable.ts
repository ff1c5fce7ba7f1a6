import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

/** Finds a command: as a path (relative to `cwd`), else in the folders of `path`; `undefined` if it does not exist. */
export function findExecutable(
  command: string,
  path: string | undefined,
  cwd: string = process.cwd(),
): string | undefined {
  const places = command.includes('/')
    ? [resolve(cwd, command)]
    : (path ?? '')
        .split(delimiter)
        .filter(Boolean)
        .map((folder) => join(folder, command));
  return places.find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
