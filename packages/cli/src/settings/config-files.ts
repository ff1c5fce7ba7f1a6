import { statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { findConfigFile } from '@chaos/config';
import type { ConfigFlags } from '../flags.js';
import { isFile } from './is-file.js';

/** Files of the configuration. */
export interface ConfigFiles {
  /** `chaos.yaml`, if any. */
  readonly configFile: string | undefined;
  /** The requested module; without one, `folder` is searched. */
  readonly moduleFile: string | undefined;
  readonly folder: string;
}

/**
 * Resolves `--config`: a `chaos.yaml`, a `chaos.config.ts` or a folder with either; without it the nearest `chaos.yaml`
 * counts.
 */
export function configFiles({ config }: ConfigFlags, cwd: string): ConfigFiles {
  const asked = config === undefined ? undefined : resolve(cwd, config);
  const isCode = asked !== undefined && /\.[cm]?[jt]s$/.test(asked);
  const folder = asked === undefined ? cwd : isDirectory(asked) ? asked : dirname(asked);
  const beside = join(folder, 'chaos.yaml');
  if (asked === undefined) {
    const configFile = findConfigFile(cwd);
    return { configFile, moduleFile: undefined, folder: configFile === undefined ? cwd : dirname(configFile) };
  }
  if (isCode || isDirectory(asked))
    return { configFile: isFile(beside) ? beside : undefined, moduleFile: isCode ? asked : undefined, folder };
  return { configFile: asked, moduleFile: undefined, folder };
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
