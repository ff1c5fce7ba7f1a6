import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join, resolve } from 'node:path';

/** Places that {@link findExecutable} searches. */
export interface FindExecutableOptions {
  /** Default `PATH`. */
  readonly path?: string | undefined;
  /** Folder that relative commands and folders start from. Default: they are passed over. */
  readonly cwd?: string;
}

/** Absolute path of a program: the command itself where it is a path, else the first of this name on `path`. */
export function findExecutable(command: string, options: FindExecutableOptions = {}): string | undefined {
  const { path = process.env['PATH'] ?? '', cwd } = options;
  const candidates = command.includes('/')
    ? [command]
    : path
        .split(delimiter)
        .filter(Boolean)
        .map((folder) => join(folder, command));
  return candidates
    .filter((file) => cwd !== undefined || isAbsolute(file))
    .map((file) => resolve(cwd ?? '/', file))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
