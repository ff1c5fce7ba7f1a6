import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A place inside an installed package. */
export interface InstalledPath {
  /** The folder or file, absolute and without links. */
  readonly path: string;
  /** The folder of its package, likewise. */
  readonly root: string;
}

const SCOPED = /^(@[\w.-]+\/[\w.-]+)(?:\/.*)?$/;

/**
 * Finds `@scope/package/folder` in the `node_modules` of a folder or above it, as an import would; `undefined` for any
 * other text. Only scoped names are looked for: `cache` is a pattern for paths, whatever is installed.
 */
export function installedPath(text: string, folder: string): InstalledPath | undefined {
  const name = SCOPED.exec(text)?.[1];
  if (name === undefined) return undefined;
  for (let current = folder; ; current = dirname(current)) {
    const modules = join(current, 'node_modules');
    const [path, root] = [text, name].map((each) => realPath(join(modules, each)));
    if (path !== undefined && root !== undefined) return { path, root };
    if (current === dirname(current)) return undefined;
  }
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
